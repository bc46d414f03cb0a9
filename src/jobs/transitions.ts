// The job's states and the moves between them. Everything here is pure: a record in, the next record out.
//
//   queued -> compiling -> applying -> waiting -> (applying the next stage ->) ... -> done
//                              any step -> applying (`ending` by removal) -> waiting (for `gone`) -> done
//                              any step -> compiling (`ending` by rollback) -> applying -> waiting -> ... -> done
//
// Invariants: `task` is set exactly while a worker has something to do (queued, compiling, applying), `waitingFor`
// exactly while the observer has (waiting); done has neither. `cancelAsked` is set only while a worker holds the task.
// A job that is done never changes again.
import type { JobError, JobRecord, JobStatus, Step, TaskRef, TaskVerb, Timings } from './job.ts'

/** The steps that may follow each step. A step may also repeat: a retry, or a removal verified again. */
export const nextSteps = {
  queued: ['queued', 'compiling', 'applying', 'done'],
  compiling: ['compiling', 'applying', 'done'],
  applying: ['applying', 'compiling', 'waiting', 'done'],
  waiting: ['waiting', 'compiling', 'applying', 'done'],
  done: [],
} as const satisfies Record<Step, readonly Step[]>

const timingOf = {
  queued: 'queuedMs',
  compiling: 'compileMs',
  applying: 'applyMs',
  waiting: 'waitMs',
} as const satisfies Record<Exclude<Step, 'done'>, keyof Timings>

export function isDone(job: { status: JobStatus }): boolean {
  return job.status === 'succeeded' || job.status === 'failed' || job.status === 'canceled'
}

/** Moves to a step, adding the time spent in the last one to its timing. Throws on a move that the table forbids. */
export function toStep(job: JobRecord, step: Step, now: number): JobRecord {
  const allowed: readonly Step[] = nextSteps[job.step]
  if (!allowed.includes(step)) throw new Error(`job ${job.id} can't go from ${job.step} to ${step}`)
  if (job.step === 'done' || step === job.step) return { ...job, step }
  return { ...job, step, stepSince: now, timings: timingsAt(job, now) }
}

/** The time spent in each step up to `now`, that in the present one too. */
export function timingsAt({ step, stepSince, timings }: JobRecord, now: number): Timings {
  if (step === 'done') return timings
  const key = timingOf[step]
  return { ...timings, [key]: timings[key] + Math.max(0, now - stepSince) }
}

/** Asks for a task; the round makes its id new. */
export function withTask(job: JobRecord, verb: TaskVerb, now: number): JobRecord {
  const round = job.lastRound + 1
  const task = { verb, round, since: now, held: false }
  return { ...job, task, lastRound: round, waitingFor: null, nextRetryAt: null }
}

export function taskId(job: string, task: TaskRef): string {
  return `${job}.${task.verb}.${task.round}`
}

/** Ends a job; nothing follows. */
export function finish(job: JobRecord, status: 'succeeded' | 'failed' | 'canceled', now: number): JobRecord {
  const ended = toStep(job, 'done', now)
  const settled = { task: null, waitingFor: null, ending: null, cancelAsked: false, nextRetryAt: null }
  return { ...ended, ...settled, status, finishedAt: now }
}

/** An error that ends a job, from its code and sentence. */
export function jobError(
  code: string,
  message: string,
  options: { retryable?: boolean; details?: Record<string, unknown> } = {},
): JobError {
  return { code, message, retryable: options.retryable ?? false, details: options.details ?? {} }
}
