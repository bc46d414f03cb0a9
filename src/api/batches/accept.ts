// Accepts a batch: every item is checked, and then all are written as one, or those that are good.
import { maskRequest } from '../../compose/mask/mask-request.ts'
import { type Batch, type BatchRecord, type Member, namespaceOf } from '../../jobs/batch.ts'
import type { Share, Spread } from '../../jobs/spread.ts'
import type { Problem } from '../../problem.ts'
import { toContent } from '../../store/contents.ts'
import type { RequestKey } from '../../store/request-keys.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import { apiError } from '../api-error.ts'
import type { ApiContext } from '../context.ts'
import { repeated } from '../idempotency.ts'
import type { BatchRequest, SkippedItem } from '../schemas/batch.ts'
import { fullError, requireRoom, roomOf } from '../tenant-room.ts'
import { countItems } from './check-batch.ts'
import type { BadItems } from './check-members.ts'
import type { Fit } from './fit.ts'
import { type PlacedBatch, placeBatch } from './place-batch.ts'
import { readForLaunch } from './read-capacity.ts'
import { refuseBad } from './refuse-items.ts'
import { requirePlaces } from './require-places.ts'

export type NewBatch = { batch: Batch; skippedItems: SkippedItem[] }

/** Names can be taken between two looks, and then those items are bad too; room can be taken by another process. */
const attempts = 20

/**
 * Nothing is written unless the answer is a batch. Throws what `checkBatch` does, BATCH_DOES_NOT_FIT (422), and what
 * the limits of the tenant throw.
 */
export async function acceptBatch(
  context: ApiContext,
  tenant: Tenant,
  asked: BatchRequest,
  requestKey: RequestKey | null,
): Promise<NewBatch> {
  const wanted = countItems(asked)
  await requireRoom(context, tenant, { systems: wanted, jobs: wanted })
  const placed = await placeBatch(context, tenant, asked, readForLaunch(context))
  requirePlaces(placed)
  const { draft, template, callback, members, bad, spec } = placed.checked
  const kept = toContent(template)
  const source = toContent(maskRequest({ ...template }, spec))
  await Promise.all([
    context.store.contents.put(template),
    context.store.contents.put(JSON.parse(source.text)),
  ])
  const usesToken = `${kept.text}`.includes('TYCHO_TOKEN')
  const record = (good: readonly Member[], { spread, problems }: Fit): BatchRecord => ({
    ...draft,
    places: spread.places,
    spread: sharesOf(spread, good),
    problems,
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
  return context.inOrder(() => write(context, tenant, { asked, placed, record, members, bad, requestKey }))
}

/** Without those whose names were taken meanwhile. */
function sharesOf({ places, shares }: Spread, good: readonly Member[]): Share[] {
  const counts = new Map<string, number>()
  for (const { index } of good) {
    const namespace = namespaceOf({ places }, index)
    counts.set(namespace, (counts.get(namespace) ?? 0) + 1)
  }
  return shares.flatMap((share) => {
    const members = counts.get(share.namespace) ?? 0
    return members === 0 ? [] : [{ ...share, members }]
  })
}

type Draft = {
  asked: BatchRequest
  placed: PlacedBatch
  record: (good: readonly Member[], fit: Fit) => BatchRecord
  members: Member[]
  bad: BadItems
  requestKey: RequestKey | null
}

async function write(context: ApiContext, tenant: Tenant, draft: Draft): Promise<NewBatch> {
  const { asked, placed, record, bad, requestKey } = draft
  const { batches } = context.store
  let { members } = draft
  const room = roomOf(context, tenant)
  for (let attempt = 0; attempt < attempts; attempt++) {
    const { fit, version } = await placed.refit()
    requirePlaces({ ...placed, fit })
    const made = record(members, fit)
    const accepted = await batches.accept({
      batch: made,
      members,
      requestKey,
      room,
      reservedVersion: version,
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
    if (accepted.outcome === 'moved') continue
    for (const [index, { name, holder }] of accepted.taken)
      bad.set(index, [taken(index, tenant, name, holder)])
    members = members.filter(({ index }) => !accepted.taken.has(index))
    if (asked.onInvalid !== 'skip' || members.length === 0) refuseBad(bad)
  }
  throw apiError('CONTENDED', 'Names of the batch, or its places, were taken again and again meanwhile', {
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

/** As they are told in the answer. */
export function toSkipped({ items }: BatchRequest, bad: BadItems): SkippedItem[] {
  return [...bad]
    .sort(([a], [b]) => a - b)
    .map(([index, problems]) => ({
      index,
      ...(items?.[index]?.name !== undefined && { name: items[index].name }),
      ...(items?.[index]?.clientId !== undefined && { clientId: items[index].clientId }),
      problems: problems.map(({ ofTemplate: _same, ...problem }) => problem),
    }))
}
