// A batch as a stream: its present state, then the members that change and the whole as often as it does.
import type { Batch } from '../../jobs/batch.ts'
import type { ApiContext } from '../context.ts'
import type { StreamMessage, StreamRequest } from '../event-stream.ts'
import { follow, readOnceBack } from '../follow.ts'
import { isAtRest, toShownBatch } from './batch-view.ts'
import { toItems } from './items.ts'

const chunk = 200

/** Who comes back gets the members that changed since, each as it is now. */
export async function* batchMessages(
  context: ApiContext,
  id: string,
  { lastEventId, signal }: StreamRequest,
): AsyncGenerator<StreamMessage> {
  const { batches, changes } = context.store
  let seen = lastEventId !== null && /^\d{1,16}$/.test(lastEventId) ? Number(lastEventId) : null
  const states = follow({
    store: context.store,
    read: () => batches.read(id),
    listen: (ring) => changes.onBatch(id, ring),
    isLast: isAtRest,
    signal,
  })
  for await (const batch of states) {
    // Who is new gets the present state first, and no items of before it.
    if (seen !== null) {
      for await (const item of changedItems(context, batch, seen, signal)) {
        seen = item.revision
        yield { id: `${item.revision}`, event: 'item', data: item.data }
      }
    }
    seen = Math.max(seen ?? 0, batch.revision)
    const data = JSON.stringify(toShownBatch(batch))
    yield { id: `${seen}`, event: 'batch', data }
    if (isAtRest(batch)) yield { id: `${seen}`, event: 'done', data }
  }
}

async function* changedItems(context: ApiContext, batch: Batch, since: number, signal: AbortSignal) {
  const { batches } = context.store
  for (let after = since; ; ) {
    const changed = await readOnceBack(() => batches.changedSince(batch.id, after, chunk), signal)
    if (!changed || changed.length === 0) return
    const members = await batches.members(
      batch.id,
      changed.map(({ index }) => index),
    )
    const items = await toItems(context, batch, members)
    for (const [at, item] of items.entries()) {
      const revision = changed[at]?.revision ?? after
      yield { revision, data: JSON.stringify(item) }
    }
    after = changed.at(-1)?.revision ?? after
  }
}
