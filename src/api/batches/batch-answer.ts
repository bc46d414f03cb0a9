// Answers that are a batch: after the wait that was asked for, with the headers of polling.
import type { FastifyReply } from 'fastify'
import type { Batch } from '../../jobs/batch.ts'
import { isStoreOutage } from '../../store/outage.ts'
import type { ApiContext } from '../context.ts'
import { waitSignals } from '../job-answer.ts'
import type { Batch as ShownBatch } from '../schemas/batch.ts'
import { isAtRest, toShownBatch } from './batch-view.ts'
import { waitForBatch } from './wait-for-batch.ts'

const pollAfterSeconds = 1

export function batchHeaders(reply: FastifyReply, batch: Batch): FastifyReply {
  reply.header('etag', `W/"${batch.revision}"`).header('cache-control', 'no-store')
  return isAtRest(batch) ? reply : reply.header('retry-after', pollAfterSeconds)
}

/** 202 while something is still to be done, 200 once it is. */
export async function answerBatch(
  context: ApiContext,
  reply: FastifyReply,
  batch: Batch,
  timeoutMs: number,
): Promise<ShownBatch> {
  const waited = await waitForRest(context, reply, batch, timeoutMs)
  batchHeaders(reply, waited).code(isAtRest(waited) ? 200 : 202)
  if (!isAtRest(waited)) reply.header('location', `/v1/batches/${waited.id}`)
  return toShownBatch(waited)
}

/** The answer does not hang on the wait: what was asked is accepted. */
export async function waitForRest(
  context: ApiContext,
  reply: FastifyReply,
  batch: Batch,
  timeoutMs: number,
): Promise<Batch> {
  if (timeoutMs === 0) return batch
  const options = { until: isAtRest, timeoutMs, signals: waitSignals(context, reply) }
  try {
    return (await waitForBatch(context.store, batch.id, options)) ?? batch
  } catch (error) {
    if (!isStoreOutage(error)) throw error
    return batch
  }
}
