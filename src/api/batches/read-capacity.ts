// How the cluster is asked for what it has, before a launch and for a plan.
import { TychoError } from '../../problem.ts'
import type { Capacity, CapacityAsked } from '../../system/capacity.ts'
import type { ApiContext } from '../context.ts'
import type { ReadCapacity } from './place-batch.ts'

/** An acceptance does not hang on the cluster; in milliseconds. */
const patienceMs = 2_000

/** For a launch: a cluster that is away, or slow, is no error of the request. */
export function readForLaunch({ reading }: ApiContext): ReadCapacity {
  return async (asked) => {
    try {
      return await reading.capacity(asked, AbortSignal.timeout(patienceMs))
    } catch (error) {
      if (error instanceof TychoError) return { unknown: error.message }
      if (error instanceof Error && error.name === 'TimeoutError')
        return { unknown: `it did not answer within ${patienceMs / 1000} seconds` }
      throw error
    }
  }
}

/** For a plan, which says nothing without: throws what the orchestrator does. */
export function readForPlan(
  { reading }: ApiContext,
  signal: AbortSignal,
): (asked: CapacityAsked) => Promise<Capacity> {
  return (asked) => reading.capacity({ ...asked, nodePorts: true, nodes: true }, signal)
}
