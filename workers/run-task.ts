// Runs one task: takes it up, does it behind a fence, and decides once what an error means.
import type { Work } from '../src/jobs/accept.ts'
import type { JobError, TaskVerb } from '../src/jobs/job.ts'
import { isDone, jobError } from '../src/jobs/transitions.ts'
import { begin, expired, failed, heldUp, willRetry } from '../src/jobs/work.ts'
import type { Fence } from '../src/orchestrators/orchestrator.ts'
import { TychoError } from '../src/problem.ts'
import type { Handler, HandlerContext, Outcome } from '../src/tasks/consume.ts'
import { advance, type WorkerContext } from './context.ts'

/** What a task's own function is given: the work as it was taken up, and how to write what came of it. */
export type TaskRun = {
  work: Work
  fence: Fence
  signal: AbortSignal
  /** Writes the outcome, unless the task is no longer this worker's. */
  finish: (decide: (work: Work) => Work | null) => Promise<void>
}

export type TaskFunction = (context: WorkerContext, run: TaskRun) => Promise<void>

/** The fence's answer to a worker whose task was taken over, superseded or canceled. */
class LostTaskError extends TychoError {
  constructor(job: string) {
    super('TASK_LOST', `The task of job ${job} is no longer this worker's`)
  }
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
    if (!work) return done
    const run = createRun(context, work, handling)
    try {
      if (expired(work, Date.now())) await run.finish((found) => expired(found, Date.now()))
      else await doTask(context, run)
      return done
    } catch (error) {
      return afterError(context, work, handling, error)
    }
  }
}

function createRun(context: WorkerContext, work: Work, handling: HandlerContext): TaskRun {
  const { job } = work
  const isMine = (found: Work['job'] | null) =>
    found !== null && !isDone(found) && found.begins === job.begins
  const fence: Fence = {
    job: job.id,
    sid: job.system.sid,
    attempt: job.begins,
    check: async () => {
      if (handling.signal.aborted || !isMine(await context.store.works.job(job.id)))
        throw new LostTaskError(job.id)
    },
  }
  const finish: TaskRun['finish'] = async (decide) => {
    await advance(context, job.id, (found) => (isMine(found.job) ? decide(found) : null))
  }
  return { work, fence, signal: handling.signal, finish }
}

/** Classified once: wait without losing an attempt, try again while attempts remain, or give up. */
async function afterError(
  context: WorkerContext,
  { job }: Work,
  handling: HandlerContext,
  error: unknown,
): Promise<Outcome> {
  if (error instanceof LostTaskError) return done
  const remedy = error instanceof TychoError ? error.remedy : 'retry'
  const message = error instanceof Error ? error.message : String(error)
  const mine = (decide: (work: Work) => Work | null) =>
    advance(context, job.id, (found) => (found.job.begins === job.begins ? decide(found) : null))
  if (remedy === 'wait') {
    await mine((found) => expired(found, Date.now()) ?? heldUp(found, message))
    return { outcome: 'later', delayMs: waitMs }
  }
  const details = { job: job.id, system: job.system.name, attempt: handling.attempt }
  if (remedy === 'retry' && handling.attempt < handling.maxAttempts) {
    context.log.warn({ ...details, reason: message }, 'task failed; trying again')
    await mine((found) => willRetry(found, message))
    throw error
  }
  if (!(error instanceof TychoError))
    context.log.error({ ...details, err: error }, 'task failed unexpectedly')
  await mine((found) => failed(found, toJobError(error, message), Date.now()))
  return done
}

function toJobError(error: unknown, message: string): JobError {
  if (!(error instanceof TychoError)) return jobError('INTERNAL_ERROR', message, { retryable: true })
  const details = { ...error.details, ...(error.problems.length > 0 && { problems: error.problems }) }
  return jobError(error.code, message, { retryable: error.remedy !== 'giveUp', details })
}
