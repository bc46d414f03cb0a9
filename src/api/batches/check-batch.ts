// What a batch is asked with, checked as a whole before anything is made of it: the same for who launches, plans or
// prepares it.
import { randomBytes } from 'node:crypto'
import { readTemplate, toMemberInput } from '../../compose/members/batch-members.ts'
import { type BatchTemplate, MEMBER_VARIABLES, type Member } from '../../jobs/batch.ts'
import type { Callback } from '../../jobs/origin.ts'
import type { Problem } from '../../problem.ts'
import { emptySystem } from '../../system/empty.ts'
import { generateSystemName, toSystemName } from '../../system/names.ts'
import type { SystemSpec } from '../../system/spec.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import { apiError } from '../api-error.ts'
import { checkCallback } from '../callback.ts'
import { checkSizes } from '../check-submission.ts'
import type { ApiContext } from '../context.ts'
import type { BatchRequest } from '../schemas/batch.ts'
import { type BadItems, checkMembers, type MemberNeeds, type OnCompiled } from './check-members.ts'
import { refuseBad, refuseTemplate } from './refuse-items.ts'

export type CheckedBatch = {
  draft: BatchDraft
  /** How many items were asked for. */
  wanted: number
  template: BatchTemplate
  callback: Callback | null
  /** The good ones: at least one. */
  members: Member[]
  needs: MemberNeeds
  /** Those that are left out, with `onInvalid: skip`. */
  bad: BadItems
  /** Of the first member. */
  spec: SystemSpec
}

/** `asked.count`, or the number of items. Throws INVALID_REQUEST (400). */
export function countItems({ items, count }: BatchRequest): number {
  const wanted = items?.length ?? count
  if (wanted === undefined || (items && count !== undefined)) throw countOrItems()
  return wanted
}

/**
 * Nothing is written. Throws INVALID_REQUEST (400), COMPOSE_TOO_LARGE and FILES_TOO_LARGE (413), INVALID_ITEMS and
 * INVALID_SYSTEM (422), and what `checkCallback` and `onCompiled` do.
 */
export async function checkBatch(
  context: ApiContext,
  tenant: Tenant,
  asked: BatchRequest,
  onCompiled: OnCompiled = () => {},
): Promise<CheckedBatch> {
  const wanted = countItems(asked)
  checkVariables(asked)
  checkSizes(context, asked.compose, asked.files ?? {})
  const callback = await callbackOf(context, asked)
  const template = toTemplate(context, asked)
  const read = readTemplate(template, context.checkExtension)
  const draft = draftOf(context, tenant, asked)
  const isRefused = asked.onInvalid !== 'skip'
  const { items = wanted } = asked
  const { members, needs, bad } = await checkMembers(
    context,
    { batch: draft, items, template: read, onCompiled },
    isRefused,
  )
  const [first] = members
  if (!first) refuseTemplate(bad)
  if (isRefused || !first) refuseBad(bad)
  const pattern = first && read.patternOf(toMemberInput(draft, first))
  return { draft, wanted, template, callback, members, needs, bad, spec: pattern?.spec ?? emptySystem() }
}

/** What its record will hold, as far as that follows from the request alone. */
export type BatchDraft = ReturnType<typeof draftOf>

function draftOf(context: ApiContext, tenant: Tenant, asked: BatchRequest) {
  const named = asked.name ?? composeName(asked.compose)
  return {
    id: context.ids.job(),
    tenant: tenant.name,
    places: [{ from: 0, namespace: tenant.namespace }],
    name: named ?? generateSystemName(),
    concurrency: asked.concurrency ?? context.batchConcurrency,
    seed: randomBytes(32).toString('hex'),
    createdAt: Date.now(),
    member: {
      exposure: asked.exposure ?? context.exposure,
      settings: asked.services ?? {},
      labels: asked.labels ?? {},
      ttlMs: asked.ttlSeconds === undefined ? null : asked.ttlSeconds * 1000,
      timeoutMs: asked.timeoutSeconds === undefined ? context.timeoutMs : asked.timeoutSeconds * 1000,
      maxAttempts: asked.retries === undefined ? context.maxAttempts : asked.retries + 1,
      keepOnFailure: asked.keepOnFailure ?? false,
    },
  }
}

/** Where the file has a plain one; the members' names begin with it. */
function composeName(compose: BatchRequest['compose']): string | null {
  const [first] = [compose].flat()
  const name =
    typeof first === 'string' ? /^name:[ \t]*["']?([-\w.]+)["']?[ \t]*$/m.exec(first)?.[1] : first?.name
  return typeof name === 'string' && !name.includes('$') ? toSystemName(name) : null
}

function toTemplate(context: ApiContext, asked: BatchRequest): BatchTemplate {
  const { compose, env = {}, files = {}, profiles = null } = asked
  const limits = { textBytes: context.composeLimitBytes, filesBytes: context.filesLimitBytes }
  return { compose, env, files, profiles, limits }
}

async function callbackOf(context: ApiContext, asked: BatchRequest): Promise<Callback | null> {
  const { callbackUrl, callbackEvents } = asked
  if (callbackUrl !== undefined) return checkCallback(context, callbackUrl, callbackEvents)
  if (callbackEvents === undefined) return null
  throw invalid('callbackEvents', 'callbackEvents says nothing without callbackUrl')
}

function checkVariables({ env = {} }: BatchRequest): void {
  const ours = MEMBER_VARIABLES.find((name) => Object.hasOwn(env, name))
  if (ours) throw invalid(`env.${ours}`, `${ours} is given by Tycho: call yours otherwise`)
}

function countOrItems() {
  return invalid('items', 'A batch has either count or items')
}

function invalid(path: string, message: string) {
  const problems: Problem[] = [{ code: 'INVALID_FIELD', severity: 'error', path, message }]
  return apiError('INVALID_REQUEST', message, { problems })
}
