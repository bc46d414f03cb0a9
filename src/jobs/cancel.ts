// Canceling a job, and what may still be asked of a system whose job is canceled or undone. Pure.
import type { SystemRecord } from '../system/system.ts'
import type { Work } from './accept.ts'
import type { JobRecord } from './job.ts'
import { isDone } from './transitions.ts'
import { canceled } from './undo.ts'

/** A job is asked to end. `refused`: it can't be canceled. */
export type CancelAnswer = 'refused' | 'done' | 'underWay' | Work

/**
 * Somebody cancels a job. While a worker holds its task this is only noted, and obeyed when the worker lets go: so
 * nothing that the worker still writes is overlooked. A job that fails already, or is canceled, goes on with that.
 */
export function cancel(work: Work, now: number): CancelAnswer {
  const { job } = work
  if (isDone(job)) return 'done'
  if (job.kind === 'system.stop') return 'refused'
  if (job.ending || job.cancelAsked) return 'underWay'
  if (!job.task?.held) return canceled(work, now)
  return {
    ...work,
    job: { ...job, cancelAsked: true, message: 'Canceled; waiting for the worker to let go' },
  }
}

/** Whether a system is on its way out, so that no change of it can be taken. */
export function isLeaving(system: SystemRecord, running: JobRecord | null): boolean {
  if (system.phase === 'stopping' || running?.ending?.by === 'removal') return true
  return running?.cancelAsked === true && !system.hasRun
}

/** Whether a running job will still do what it was asked for, unless it fails. */
export function isOnItsWay(running: JobRecord): boolean {
  return !isDone(running) && !running.ending && !running.cancelAsked
}
