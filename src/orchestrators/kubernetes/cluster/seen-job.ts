// What readiness reads of a Job.
import { type Condition, holding, trimmed } from './conditions.ts'
import type { KubeObject } from './objects.ts'

export type JobState = {
  /** Pods that run at once. */
  wanted: number
  isComplete: boolean
  failure: Condition | undefined
}

export function toJobState({ spec, status: raw }: KubeObject): JobState {
  const status: { conditions?: Condition[] } = raw ?? {}
  const failure = holding(status.conditions, 'Failed')
  return {
    wanted: spec?.suspend === true ? 0 : typeof spec?.parallelism === 'number' ? spec.parallelism : 1,
    isComplete: holding(status.conditions, 'Complete') !== undefined,
    failure: failure && trimmed(failure),
  }
}
