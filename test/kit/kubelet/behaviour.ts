/** What becomes of pods, as plain data that can be handed to another process. */
import type { PodPlan } from './keeper.ts'
import type { Pod, PodState } from './pod.ts'

/**
 * Milliseconds until a pod is ready and until its deletion is confirmed, each drawn evenly from zero to twice as much.
 * `failures`: that share of all pods comes to that state instead of being ready.
 */
export type Behaviour = {
  readyMs: number
  deletionMs: number
  failures?: { share: number; state: PodState }
}

/** The same pod always has the same fate. */
export function planOf({ readyMs, deletionMs, failures }: Behaviour): PodPlan {
  return (pod) => {
    const luck = fractionOf(pod)
    const state = failures && luck < failures.share ? failures.state : ({ is: 'ready' } as const)
    return { ...state, delayMs: 2 * luck * readyMs, deletionMs: 2 * luck * deletionMs }
  }
}

/** Evenly from 0 up to 1: a uid begins with random hexadecimal digits. */
const fractionOf = ({ metadata: { uid } }: Pod): number => Number.parseInt(uid.slice(0, 8), 16) / 2 ** 32
