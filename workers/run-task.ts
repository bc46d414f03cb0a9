// Runs one task: takes it up, does it behind a fence, and decides once what an error means.
import type { Work } from '../src/jobs/accept.ts'
import { conclude, type Hold, holdOf, mayGoOn } from '../src/jobs/hold.ts'
import type { JobError, TaskVerb } from '../src/jobs/job.ts'
import { traceField } from '../src/jobs/trace-parent.ts'
import { jobError } from '../src/jobs/transitions.ts'
import { begin, expired, failed, heldUp, letGo, willRetry } from '../src/jobs/work.ts'
import type { Fence } from '../src/orchestrators/orchestrator.ts'
import { TychoError } from '../src/problem.ts'
import { type Handler, type HandlerContext, type Outcome, pauseAfter } from '../src/tasks/consume.ts'
import type { OpenSpan } from '../src/telemetry/tracing.ts'
import { advance, type WorkerContext } from './context.ts'
import { maskError, maskThrown, readMask } from './mask-told.ts'
import { StoppedError } from './stopped-error.ts'
import { watchHold } from './watch-hold.ts'

type Decide = (work: Work) => Work | null

/** What a task's own function is given: the work as it was taken up, and how to write what came of it. */
export type TaskRun = {
  work: Work
  fence: Fence
  signal: AbortSignal
  /** Writes the outcome, unless the task is no longer this worker's. */
  finish: (decide: Decide) => Promise<void>
  /** Writes how far it is, and goes on; nothing where the task is no longer this worker's. */
  tell: (decide: Decide) => Promise<void>
}

export type TaskFunction = (context: WorkerContext, run: TaskRun) => Promise<void>

/** A task that was taken up. `settle` writes what comes of it; null: it is no longer this worker's. */
type Held = {
  hold: Hold
  tell: TaskRun['tell']
  handling: HandlerContext
  settle: (decide: Decide) => Promise<Work | null>
  span: OpenSpan
}

const waitMs = 2_000

const done: Outcome = { outcome: 'done' }

export function createHandler(
  context: WorkerContext,
  verb: TaskVerb,
  doTask: TaskFunction,
): Handler<`system.${TaskVerb}`> {
  return async (data, handling) => {
    const work = await advance(context, data.job, (found) =>
      begin(found, { verb, round: data.round }, handling.attempt, Date.now()),
    )
    const hold = work && holdOf(work.job, data)
    if (!work || !hold) return done
    const settle: Held['settle'] = (decide) =>
      advance(context, hold.job, (found) => conclude(found, hold, decide, Date.now()), { known: work })
    const tell: Held['tell'] = async (decide) =>
      void (await advance(context, hold.job, (found) => (mayGoOn(found.job, hold) ? decide(found) : null)))
    const { job } = work
    const attributes = {
      'tycho.job': job.id,
      'tycho.system.sid': job.system.sid,
      'tycho.attempt': handling.attempt,
    }
    return context.tracing.span(
      `system.${verb}`,
      { kind: 'consumer', parent: job.origin.trace, attributes },
      (span) => runHeld(context, work, { hold, handling, settle, tell, span }, doTask),
    )
  }
}

async function runHeld(
  context: WorkerContext,
  work: Work,
  held: Held,
  doTask: TaskFunction,
): Promise<Outcome> {
  using watch = watchHold(context.store, held.hold, held.handling)
  const { job } = work
  const finish: TaskRun['finish'] = async (decide) => void (await held.settle(decide))
  const fence: Fence = { job: job.id, sid: job.system.sid, attempt: job.begins, check: watch.check }
  try {
    if (expired(work, Date.now())) await finish((found) => expired(found, Date.now()))
    else await doTask(context, { work, fence, signal: watch.signal, finish, tell: held.tell })
    return done
  } catch (error) {
    const isStopped = error instanceof StoppedError || watch.signal.aborted
    return isStopped ? afterStop(held) : afterError(context, work, held, error)
  }
}

/** What was asked of the job meanwhile happens now; a worker that closes leaves the task to another. */
async function afterStop({ hold, handling, settle }: Held): Promise<Outcome> {
  const after = await settle(letGo)
  const isStillToDo = after?.job.task?.round === hold.round
  return isStillToDo && handling.closing.aborted ? { outcome: 'handedBack' } : done
}

/** Classified once: wait without losing an attempt, try again while attempts remain, or give up. */
async function afterError(
  context: WorkerContext,
  { job }: Work,
  { hold, handling, settle, span }: Held,
  error: unknown,
): Promise<Outcome> {
  const remedy = error instanceof TychoError ? error.remedy : 'retry'
  span.fail(error instanceof TychoError ? error.code : 'INTERNAL_ERROR')
  // What waits is asked about again and again, and quotes nothing of the system.
  const mask = remedy === 'wait' ? null : await readMask(context.store, job.spec)
  if (mask && error instanceof Error) maskThrown(error, mask)
  const message = error instanceof Error ? error.message : String(error)
  const isStillToDo = async (decide: Decide) => (await settle(decide))?.job.task?.round === hold.round
  if (remedy === 'wait') {
    const waits = await isStillToDo((found) => expired(found, Date.now()) ?? heldUp(found, message))
    // Those who wait for the same do not all come back at once.
    return waits ? { outcome: 'later', delayMs: Math.round(waitMs * (0.5 + Math.random())) } : done
  }
  const details = {
    job: job.id,
    system: job.system.name,
    attempt: handling.attempt,
    ...traceField(job.origin.trace),
  }
  if (remedy === 'retry' && handling.attempt < handling.maxAttempts) {
    context.log.warn({ ...details, reason: message }, 'task failed; trying again')
    const nextAt = Date.now() + pauseAfter(error, handling.retryAfterMs)
    if (await isStillToDo((found) => willRetry(found, message, nextAt))) throw error
    return done
  }
  if (!(error instanceof TychoError))
    context.log.error({ ...details, err: error }, 'task failed unexpectedly')
  const told = toJobError(error, message)
  await settle((found) => failed(found, mask ? maskError(told, mask) : told, Date.now()))
  return done
}

function toJobError(error: unknown, message: string): JobError {
  if (!(error instanceof TychoError)) return jobError('INTERNAL_ERROR', message, { retryable: true })
  const details = { ...error.details, ...(error.problems.length > 0 && { problems: error.problems }) }
  return jobError(error.code, message, { retryable: error.remedy !== 'giveUp', details })
}
