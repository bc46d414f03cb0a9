// A worker's hold on a task: what it may still do, and what it may write. Pure.
import type { Work } from './accept.ts'
import type { JobRecord, TaskRef } from './job.ts'
import { isDone } from './transitions.ts'
import { canceled } from './undo.ts'

/**
 * What a worker remembers of a task that it took up: enough to know whether it still is its own. As long as the job has
 * this `revision`, nobody has asked for anything since.
 */
export type Hold = { job: string; round: number; begins: number; revision: number }

/** The hold that `begin` gave; null when it gave none, because the job had to be canceled instead. */
export function holdOf(job: JobRecord, task: Pick<TaskRef, 'round'>): Hold | null {
  if (job.task?.round !== task.round || !job.task.held) return null
  return { job: job.id, round: task.round, begins: job.begins, revision: job.revision }
}

/** Whether nobody else has taken up the task, and nobody took it away. */
export function isHeld(job: JobRecord | null, hold: Hold): job is JobRecord {
  return job !== null && !isDone(job) && job.task?.round === hold.round && job.begins === hold.begins
}

/** Whether the holder may write to the orchestrator: asked before each write. */
export function mayGoOn(job: JobRecord | null, hold: Hold): boolean {
  return isHeld(job, hold) && !job.cancelAsked
}

/**
 * What the holder writes when it lets go: its outcome, or what was asked meanwhile. Null: there is nothing to write,
 * or the task is no longer its own.
 */
export function conclude(
  work: Work,
  hold: Hold,
  decide: (work: Work) => Work | null,
  now: number,
): Work | null {
  if (!isHeld(work.job, hold)) return null
  return work.job.cancelAsked ? canceled(work, now) : decide(work)
}
