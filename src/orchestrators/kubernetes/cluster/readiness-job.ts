// How a service stands that is a Job. Pure.
import type { ServiceState } from '../../../system/readiness.ts'
import { mostImportant, toReason } from '../../shared/diagnosis.ts'
import { diagnosePod, lastEnd } from './diagnose.ts'
import { diagnoseMissing } from './diagnose-creation.ts'
import { hasRun, type SeenJob, type SeenPod } from './seen.ts'

/**
 * Ready once as many pods as wanted run (and are ready, where they say so) or have ended well; failed when the Job
 * gives up, which it does by its own count, or when a pod can't ever start, which it would wait for without end.
 */
export function jobReadiness(job: SeenJob, pods: readonly SeenPod[]): ServiceState {
  const { state } = job
  const isRun = pods.some(hasRun)
  const base = { started: isRun || state.isComplete, completed: state.isComplete }
  if (job.isDeleting) return { ...base, readiness: 'terminating', reason: terminating }
  if (state.isComplete) return { ...base, readiness: 'ready' }
  if (state.failure) {
    const end = lastEnd(pods.map((pod) => pod.state))
    const message = [state.failure.message ?? 'The Job failed', end?.message].filter(Boolean).join('; ')
    return { ...base, readiness: 'failed', reason: toReason('JOB_FAILED', message, end?.exitCode) }
  }
  const diagnosis = mostImportant([
    ...diagnoseMissing(job.note, pods),
    ...pods.filter((pod) => !pod.isDeleting).flatMap((pod) => diagnosePod(pod.state, 'leave') ?? []),
  ])
  if (diagnosis?.isFinal) return { ...base, readiness: 'failed', reason: diagnosis.reason }
  if (pods.filter(isUp).length >= state.wanted) return { ...base, readiness: 'ready' }
  return { ...base, readiness: 'pending', reason: diagnosis?.reason ?? waiting }
}

const terminating = { code: 'TERMINATING', message: 'It is being deleted' }
const waiting = { code: 'STARTING', message: 'Its pods are being created' }

function isUp({ state, isDeleting }: SeenPod): boolean {
  return state.phase === 'Succeeded' || (state.isReady && !isDeleting)
}
