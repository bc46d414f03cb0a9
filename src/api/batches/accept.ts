// Accepts a batch: every item is checked, and then all are written as one, or those that are good.
import { randomBytes } from 'node:crypto'
import { maskRequest } from '../../compose/mask/mask-request.ts'
import { readTemplate, toMemberInput } from '../../compose/members/batch-members.ts'
import {
  type Batch,
  type BatchRecord,
  type BatchTemplate,
  MEMBER_VARIABLES,
  type Member,
} from '../../jobs/batch.ts'
import type { Callback } from '../../jobs/origin.ts'
import { InvalidSystemError, type Problem } from '../../problem.ts'
import { toContent } from '../../store/contents.ts'
import type { RequestKey } from '../../store/request-keys.ts'
import { emptySystem } from '../../system/empty.ts'
import { generateSystemName, toSystemName } from '../../system/names.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import { apiError } from '../api-error.ts'
import { checkCallback } from '../callback.ts'
import { checkSizes } from '../check-submission.ts'
import type { ApiContext } from '../context.ts'
import { repeated } from '../idempotency.ts'
import type { BatchRequest, SkippedItem } from '../schemas/batch.ts'
import { fullError, requireRoom, roomOf } from '../tenant-room.ts'
import { type BadItems, checkMembers } from './check-members.ts'

export type NewBatch = { batch: Batch; skippedItems: SkippedItem[] }

/** Names can be taken between two looks; then those items are bad too. */
const attempts = 5

/**
 * Nothing is written unless the answer is a batch. Throws INVALID_REQUEST (400), COMPOSE_TOO_LARGE and FILES_TOO_LARGE
 * (413), INVALID_ITEMS (422), what the limits of the tenant throw, and what `checkCallback` does.
 */
export async function acceptBatch(
  context: ApiContext,
  tenant: Tenant,
  asked: BatchRequest,
  requestKey: RequestKey | null,
): Promise<NewBatch> {
  const items = asked.items ?? asked.count
  if (items === undefined || (asked.items && asked.count !== undefined)) throw countOrItems()
  checkVariables(asked)
  checkSizes(context, asked.compose, asked.files ?? {})
  const wanted = typeof items === 'number' ? items : items.length
  await requireRoom(context, tenant, { systems: wanted, jobs: wanted })
  const callback = await callbackOf(context, asked)
  const template = toTemplate(context, asked)
  const read = readTemplate(template, context.checkExtension)
  const draft = draftOf(context, tenant, asked)
  const isRefused = asked.onInvalid !== 'skip'
  const { members, bad } = await checkMembers(context, { batch: draft, items, template: read }, isRefused)
  if (members.length === 0) refuseTemplate(bad)
  if (isRefused || members.length === 0) refuseBad(bad)
  const first = members[0]
  const pattern = first && read.patternOf(toMemberInput(draft, first))
  const spec = pattern?.spec ?? emptySystem()
  const kept = toContent(template)
  const source = toContent(maskRequest({ ...template }, spec))
  await Promise.all([
    context.store.contents.put(template),
    context.store.contents.put(JSON.parse(source.text)),
  ])
  const usesToken = `${kept.text}`.includes('TYCHO_TOKEN')
  const record = (good: readonly Member[]): BatchRecord => ({
    ...draft,
    total: good.length,
    items: wanted,
    skipped: wanted - good.length,
    template: kept.hash,
    source: source.hash,
    usesToken,
    callback,
    idempotencyKey: requestKey?.name ?? null,
    trace: context.tracing.current(),
  })
  return write(context, tenant, { asked, record, members, bad, requestKey })
}

type Draft = {
  asked: BatchRequest
  record: (good: readonly Member[]) => BatchRecord
  members: Member[]
  bad: BadItems
  requestKey: RequestKey | null
}

async function write(context: ApiContext, tenant: Tenant, draft: Draft): Promise<NewBatch> {
  const { asked, record, bad, requestKey } = draft
  const { batches } = context.store
  let { members } = draft
  const room = roomOf(context, tenant)
  for (let attempt = 0; attempt < attempts; attempt++) {
    const made = record(members)
    const accepted = await batches.accept({
      batch: made,
      members,
      requestKey,
      room,
      skipped: toSkipped(asked, bad),
    })
    if (accepted.outcome === 'repeated') throw repeated()
    if (accepted.outcome === 'full')
      throw fullError(accepted.full, { systems: members.length, jobs: members.length })
    if (accepted.outcome === 'accepted') {
      const batch = await batches.read(made.id)
      if (!batch) throw new Error(`batch ${made.id} is gone`)
      context.log.info({ batch: made.id, tenant: tenant.name, members: made.total }, 'batch accepted')
      return { batch, skippedItems: toSkipped(asked, bad) }
    }
    for (const [index, { name, holder }] of accepted.taken)
      bad.set(index, [taken(index, tenant, name, holder)])
    members = members.filter(({ index }) => !accepted.taken.has(index))
    if (asked.onInvalid !== 'skip' || members.length === 0) refuseBad(bad)
  }
  throw apiError('CONTENDED', 'Names of the batch were taken again and again meanwhile', {
    retryAfterSeconds: 1,
  })
}

/** Another tenant's system is not named: that would tell who runs what. */
function taken(index: number, tenant: Tenant, name: string, holder: string | null): Problem {
  const isOwn = holder?.startsWith(`${tenant.name}/`)
  const by =
    holder === null
      ? 'a system'
      : isOwn
        ? `system ${holder.slice(tenant.name.length + 1)}`
        : "another tenant's system"
  const message = `The name ${name} is held by ${by}; choose another name`
  return { code: 'NAME_TAKEN', severity: 'error', path: `items[${index}].name`, message }
}

/** Told at once; more would be no help. */
const mostProblems = 200

function refuseBad(bad: BadItems): void {
  if (bad.size === 0) return
  const problems = [...bad.values()].flat()
  const [first] = problems
  const more = bad.size > 1 ? ` (and ${bad.size - 1} more items)` : ''
  throw apiError('INVALID_ITEMS', `${first?.path}: ${first?.message}${more}`, {
    problems: problems.slice(0, mostProblems).map(({ ofTemplate: _same, ...problem }) => problem),
  })
}

/** What is wrong with every item in the same way is wrong with the template, and is told once. */
function refuseTemplate(bad: BadItems): void {
  const [first, ...others] = [...bad.values()].map((problems) =>
    problems.flatMap(({ ofTemplate }) => ofTemplate ?? []),
  )
  if (!first || first.length === 0) return
  const told = JSON.stringify(first)
  if (others.every((one) => JSON.stringify(one) === told)) throw new InvalidSystemError(first)
}

function toSkipped({ items }: BatchRequest, bad: BadItems): SkippedItem[] {
  return [...bad]
    .sort(([a], [b]) => a - b)
    .map(([index, problems]) => ({
      index,
      ...(items?.[index]?.name !== undefined && { name: items[index].name }),
      ...(items?.[index]?.clientId !== undefined && { clientId: items[index].clientId }),
      problems: problems.map(({ ofTemplate: _same, ...problem }) => problem),
    }))
}

function draftOf(context: ApiContext, tenant: Tenant, asked: BatchRequest) {
  const named = asked.name ?? composeName(asked.compose)
  return {
    id: context.ids.job(),
    tenant: tenant.name,
    namespace: tenant.namespace,
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
