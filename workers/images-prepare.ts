// Task images.prepare: one step of pulling images beforehand, again and again until it has ended. Between two steps
// nobody waits; whoever takes the next one reads how far it is.
import type { JobError } from '../src/jobs/job.ts'
import {
  begun,
  ended,
  expired,
  failed,
  heldUp,
  isOver,
  type PreparationRecord,
  seen,
  statusOf,
} from '../src/jobs/preparation.ts'
import { traceField } from '../src/jobs/trace-parent.ts'
import { jobError } from '../src/jobs/transitions.ts'
import { TychoError } from '../src/problem.ts'
import type { Handler, HandlerContext, Outcome } from '../src/tasks/consume.ts'
import type { WorkerContext } from './context.ts'
import { StoppedError } from './stopped-error.ts'

type Decide = (record: PreparationRecord) => PreparationRecord | null

const done: Outcome = { outcome: 'done' }

/**
 * Milliseconds between two steps: looking takes a twentieth of the time at most, so that a cluster of a thousand nodes is
 * asked less often than one of three.
 */
const pause = { leastMs: 1_000, mostMs: 20_000, share: 20 }

/** While it waits for the cluster, and for the last pod to be gone. */
const waitMs = 2_000
const removalMs = 300

export function createPrepareHandler(context: WorkerContext): Handler<'images.prepare'> {
  return async ({ preparation: id }, handling) => {
    const record = await context.store.preparations.get(id)
    if (!record) return done
    if (handling.closing.aborted) return { outcome: 'handedBack' }
    const attributes = { 'tycho.preparation': id }
    return context.tracing.span(
      'images.prepare',
      { kind: 'consumer', parent: record.trace, attributes },
      (span) =>
        carryOn(context, record, handling).catch((error: unknown) => {
          span.fail(error instanceof TychoError ? error.code : 'INTERNAL_ERROR')
          return afterError(context, record, error)
        }),
    )
  }
}

async function carryOn(
  context: WorkerContext,
  record: PreparationRecord,
  handling: HandlerContext,
): Promise<Outcome> {
  const { preparations } = context.store
  const now = Date.now()
  const change = (decide: Decide) => preparations.change(record.id, decide)
  const begunNow = await change((found) => expired(found, now) ?? begun(found, now))
  const current = begunNow ?? (await preparations.get(record.id))
  if (!current) return done
  if (begunNow && isOver(begunNow)) return tellEnd(context, begunNow)
  if (current.ending) return remove(context, current, handling)
  const startedAt = performance.now()
  const prepared = await context.orchestrator.prepare(
    { ...current, before: current.nodes, check: () => mustGoOn(context, record.id, handling) },
    handling.lost,
  )
  const after = (await change((found) => seen(found, prepared))) ?? (await preparations.get(record.id))
  if (after?.ending) return remove(context, after, handling)
  const tookMs = performance.now() - startedAt
  return later(Math.min(pause.mostMs, Math.max(pause.leastMs, pause.share * tookMs)))
}

/** Before each write: an end may have been decided since. */
async function mustGoOn({ store }: WorkerContext, id: string, handling: HandlerContext): Promise<void> {
  const record = await store.preparations.get(id)
  const isStopped = handling.lost.aborted || handling.closing.aborted
  if (isStopped || !record || record.ending) throw new StoppedError(`preparation ${id}`)
}

/** Its end is told only when nothing is left. One that has ended before is looked after once more. */
async function remove(
  context: WorkerContext,
  record: PreparationRecord,
  { lost }: HandlerContext,
): Promise<Outcome> {
  if (record.begunAt !== null) {
    const remaining = await context.orchestrator.endPreparation(record, lost)
    if (remaining.length > 0) return later(removalMs)
  }
  const after = await context.store.preparations.change(record.id, (found) => ended(found, Date.now()))
  return after ? tellEnd(context, after) : done
}

function tellEnd({ log, metrics }: WorkerContext, record: PreparationRecord): Outcome {
  const { id, tenant, counts, ending, trace, createdAt, finishedAt } = record
  const durationMs = (finishedAt ?? createdAt) - createdAt
  metrics.preparationEnded(statusOf(record), durationMs)
  const details = { preparation: id, tenant, ...counts, durationMs, ...traceField(trace) }
  if (ending?.status === 'failed')
    log.warn({ ...details, code: ending.error?.code }, 'images could not all be pulled beforehand')
  else log.info(details, `pulling images beforehand ended: ${ending?.status}`)
  return done
}

/**
 * What the cluster will refuse again ends it; everything else is tried until its time is over. Once its end is decided,
 * what was made has to go, whatever the cluster says.
 */
async function afterError(
  context: WorkerContext,
  record: PreparationRecord,
  error: unknown,
): Promise<Outcome> {
  const { preparations } = context.store
  const message = error instanceof Error ? error.message : String(error)
  if (error instanceof StoppedError) return later(0)
  if (isOver(record)) return later(waitMs)
  if (error instanceof TychoError && error.remedy === 'giveUp') {
    const why: JobError = jobError(error.code, message, { details: error.details })
    if (await preparations.change(record.id, (found) => failed(found, why, Date.now()))) return later(0)
  }
  const code = error instanceof TychoError ? error.code : 'INTERNAL_ERROR'
  if (!(error instanceof TychoError))
    context.log.error({ preparation: record.id, err: error }, 'a step of pulling images failed unexpectedly')
  await preparations.change(record.id, (found) => heldUp(found, code, message))
  return later(waitMs)
}

/** Those who wait for the same do not all come back at once. */
function later(delayMs: number): Outcome {
  return { outcome: 'later', delayMs: Math.round(delayMs * (0.75 + Math.random() / 2)) }
}
