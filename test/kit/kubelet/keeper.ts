/** Does for each pod what it still lacks, one thing at a time, again after an error. */
import { ApiError } from '../cluster/api.ts'
import { pause, waitFor } from '../wait.ts'
import { createAddresses } from './addresses.ts'
import { meantFor, type Pod, type PodState, podPath } from './pod.ts'
import { podStatus } from './pod-status.ts'
import type { Sender } from './sender.ts'
import type { PodSink } from './watch-pods.ts'

/** What becomes of a pod. `delayMs` before it does, and before its deletion is confirmed (null: never). */
export type PodPlan = (pod: Pod) => PodState & { delayMs?: number; deletionMs?: number | null }

/** How often each was done so far. */
export type Served = Record<'bound' | 'reported' | 'deleted', number>

export type Keeper = PodSink & {
  served: Readonly<Served>
  follow(plan: PodPlan): void
  /** Resolves when nothing is being done. */
  idle(): Promise<unknown>
}

export type KeeperOptions = {
  sender: Sender
  /** Those whose pods it keeps. */
  nodes: readonly string[]
  /** Whether it binds pods that nobody has bound. */
  binds: boolean
  plan: PodPlan
  signal: AbortSignal
}

type Step = { mark: string; delayMs: number; kind: keyof Served; act: () => Promise<void> }

export function createKeeper({ sender, nodes, binds, signal, plan: first }: KeeperOptions): Keeper {
  const ours = new Set(nodes)
  const pods = new Map<string, Pod>()
  const told = new Map<string, string>()
  const busy = new Map<string, Promise<void>>()
  const addresses = createAddresses()
  const served: Served = { bound: 0, reported: 0, deleted: 0 }
  let plan = first

  const serve = (uid: string) => {
    if (!busy.has(uid))
      busy.set(
        uid,
        serveAll(uid).finally(() => busy.delete(uid)),
      )
  }
  const serveAll = async (uid: string) => {
    for (let step = nextStep(uid); step && !signal.aborted; step = nextStep(uid)) {
      if (step.delayMs > 0) await pause(step.delayMs, signal)
      if (signal.aborted) return
      await untilDone(step.act, signal)
      told.set(uid, step.mark)
      served[step.kind] += 1
    }
  }

  /** What a pod lacks now; a step that is done leaves its mark in `told`, however slow the watch is. */
  const nextStep = (uid: string): Step | undefined => {
    const pod = pods.get(uid)
    const step = pod && stepFor(pod)
    return step && told.get(uid) !== step.mark ? step : undefined
  }
  const stepFor = (pod: Pod): Step | undefined => {
    const { uid, deletionTimestamp } = pod.metadata
    const { delayMs = 0, deletionMs = 0, ...state } = plan(pod)
    if (deletionTimestamp) {
      if (deletionMs === null) return undefined
      const act = () => confirmDeletion(sender, pod)
      return { mark: 'deleted', kind: 'deleted', delayMs: deletionMs, act }
    }
    if (!pod.spec.nodeName) {
      const node = meantFor(pod) ?? nodes[pods.size % nodes.length] ?? ''
      return { mark: 'bound', kind: 'bound', delayMs: 0, act: () => bind(sender, pod, node) }
    }
    if (state.is === 'held') return undefined
    const act = () => report(sender, pod, podStatus(pod, state, addresses.of(uid)))
    return { mark: JSON.stringify(state), kind: 'reported', delayMs, act }
  }

  return {
    pods,
    served,
    put(pod) {
      const { nodeName } = pod.spec
      if (!nodeName && !binds) return
      const node = nodeName ?? meantFor(pod)
      if (node && !ours.has(node)) return
      pods.set(pod.metadata.uid, pod)
      serve(pod.metadata.uid)
    },
    drop(uid) {
      pods.delete(uid)
      told.delete(uid)
      addresses.release(uid)
    },
    follow(next) {
      plan = next
      for (const uid of pods.keys()) serve(uid)
    },
    idle: () => Promise.all(busy.values()),
  }
}

const bind = (sender: Sender, pod: Pod, node: string) =>
  sender.send('POST', `${podPath(pod)}/binding`, {
    metadata: { name: pod.metadata.name, uid: pod.metadata.uid },
    target: { kind: 'Node', name: node },
  })

const report = (sender: Sender, pod: Pod, status: object) =>
  sender.send('PATCH', `${podPath(pod)}/status`, { metadata: { uid: pod.metadata.uid }, status })

const confirmDeletion = (sender: Sender, pod: Pod) =>
  sender.send('DELETE', podPath(pod), { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } })

/** A pod that is gone, or has become another, needs nothing any more; an API server that is away is waited for. */
async function untilDone(act: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const attempt = async () => {
    try {
      await act()
      return true
    } catch (error) {
      if (error instanceof ApiError && (error.status === 404 || error.status === 409)) return true
      throw error
    }
  }
  await waitFor('the API server to take it', attempt, { timeoutMs: 600_000, signal }).catch(
    (error: unknown) => {
      if (!signal.aborted) throw error
    },
  )
}
