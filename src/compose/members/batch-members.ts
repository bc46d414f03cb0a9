// The systems of a batch, read from its template.
import {
  type BatchRecord,
  type BatchTemplate,
  type Member,
  memberToken,
  memberVariables,
} from '../../jobs/batch.ts'
import type { CheckExtension } from '../../system/extensions.ts'
import { DEFAULT_LIMITS } from '../limits.ts'
import {
  createMemberTemplate,
  type MemberInput,
  type MemberTemplate,
  type ParsedMember,
} from './member-template.ts'

export function readTemplate(
  { compose, env, files, profiles, limits }: BatchTemplate,
  checkExtension: CheckExtension,
): MemberTemplate {
  const input = { compose, env, files, checkExtension, ...(profiles !== null && { profiles }) }
  return createMemberTemplate(input, { ...DEFAULT_LIMITS, ...limits })
}

type Named = Pick<Member, 'index' | 'name' | 'env'>

export function toMemberInput(batch: Pick<BatchRecord, 'seed'>, member: Named): MemberInput {
  return { name: member.name, env: memberVariables(batch, member) }
}

/** As `parseCompose` reads it for this member. Its token is secret wherever the file puts it, whatever it looks like. */
export function parseMember(
  template: MemberTemplate,
  batch: Pick<BatchRecord, 'seed'>,
  member: Named,
): ParsedMember {
  const parsed = template.parse(toMemberInput(batch, member))
  const token = memberToken(batch, member.index)
  const { secretValues = [] } = parsed.spec ?? {}
  if (!parsed.spec || secretValues.includes(token) || !JSON.stringify(parsed.spec).includes(token))
    return parsed
  return { ...parsed, spec: { ...parsed.spec, secretValues: [...secretValues, token] } }
}
