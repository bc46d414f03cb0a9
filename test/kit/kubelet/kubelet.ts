/**
 * A small stand-in for scheduler and kubelet in front of a real API server: binds every pod to a node of its own
 * making, reports the state that the test's plan says, and confirms deletions. It runs nothing. For control planes
 * without nodes: beside a real scheduler the two would bind the same pods.
 */
import { type Api, ApiError, createApi, readAccess } from '../cluster/api.ts'
import { waitFor } from '../wait.ts'
import { registerNode, removeNode } from './node.ts'
import { type Pod, type PodState, podPath } from './pod.ts'
import { podStatus } from './pod-status.ts'
import { watchPods } from './watch-pods.ts'

/** What becomes of a pod. `delayMs` before it does, and before its deletion is confirmed (null: never). */
export type PodPlan = (pod: Pod) => PodState & { delayMs?: number; deletionMs?: number | null }

export type StandInKubelet = AsyncDisposable & {
  /** The pods that it knows, by uid. */
  pods: ReadonlyMap<string, Pod>
  /** Another plan, for the pods that are there too. */
  follow(plan: PodPlan): void
}

export const allReady: PodPlan = () => ({ is: 'ready' })

/** `namespace`: it serves the pods of this one alone, so that there may be others beside it. */
export type KubeletOptions = { plan?: PodPlan; namespace?: string }

/** Writes that may be under way at once. */
const connections = 16

export async function startKubelet(
  kubeconfig: string,
  { plan = allReady, namespace }: KubeletOptions = {},
): Promise<StandInKubelet> {
  await using opening = new AsyncDisposableStack()
  const api = opening.use(createApi(readAccess(kubeconfig), connections))
  const node = `stand-in-${namespace ?? 'of-all'}`
  await registerNode(api, node)
  opening.defer(() => removeNode(api, node))
  const stop = new AbortController()
  const keeper = createKeeper({ api, node, signal: stop.signal, plan })
  const watching = watchPods({ api, namespace, sink: keeper, signal: stop.signal })
  opening.defer(async () => {
    stop.abort()
    await Promise.all([watching, keeper.idle()])
  })
  const opened = opening.move()
  return {
    pods: keeper.pods,
    follow: keeper.follow,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

type KeeperOptions = { api: Api; node: string; signal: AbortSignal; plan: PodPlan }

/** Does for each pod what it still lacks, one thing at a time, again after an error. */
function createKeeper({ api, node, signal, plan: first }: KeeperOptions) {
  const pods = new Map<string, Pod>()
  const told = new Map<string, string>()
  const busy = new Map<string, Promise<void>>()
  const addresses = createAddresses()
  let plan = first

  const put = (pod: Pod) => {
    pods.set(pod.metadata.uid, pod)
    serve(pod.metadata.uid)
  }
  const drop = (uid: string) => {
    pods.delete(uid)
    told.delete(uid)
  }
  const serve = (uid: string) => {
    if (!busy.has(uid))
      busy.set(
        uid,
        serveAll(uid).finally(() => busy.delete(uid)),
      )
  }
  const serveAll = async (uid: string) => {
    for (let step = nextStep(uid); step && !signal.aborted; step = nextStep(uid)) {
      const { delayMs, act } = step
      if (delayMs > 0) await pause(delayMs, signal)
      await untilDone(act, signal)
    }
  }

  /** What a pod lacks now; a step that is done leaves its mark in `told`, however slow the watch is. */
  const nextStep = (uid: string): { delayMs: number; act: () => Promise<void> } | undefined => {
    const pod = pods.get(uid)
    if (!pod) return undefined
    const { delayMs = 0, deletionMs = 0, ...state } = plan(pod)
    const step = (mark: string, wait: number, act: () => Promise<unknown>) =>
      told.get(uid) === mark
        ? undefined
        : { delayMs: wait, act: () => act().then(() => void told.set(uid, mark)) }
    if (pod.metadata.deletionTimestamp) {
      return deletionMs === null ? undefined : step('deleted', deletionMs, () => confirmDeletion(api, pod))
    }
    if (!pod.spec.nodeName) return step('bound', 0, () => bind(api, pod, node))
    if (state.is === 'held') return undefined
    return step(JSON.stringify(state), delayMs, () =>
      report(api, pod, podStatus(pod, state, addresses.of(uid))),
    )
  }

  return {
    pods,
    put,
    drop,
    follow(next: PodPlan) {
      plan = next
      for (const uid of pods.keys()) serve(uid)
    },
    idle: () => Promise.all(busy.values()),
  }
}

const bind = (api: Api, pod: Pod, node: string) =>
  api.send('POST', `${podPath(pod)}/binding`, {
    metadata: { name: pod.metadata.name, uid: pod.metadata.uid },
    target: { kind: 'Node', name: node },
  })

const report = (api: Api, pod: Pod, status: object) =>
  api.send('PATCH', `${podPath(pod)}/status`, { metadata: { uid: pod.metadata.uid }, status })

const confirmDeletion = (api: Api, pod: Pod) =>
  api.send('DELETE', podPath(pod), { gracePeriodSeconds: 0, preconditions: { uid: pod.metadata.uid } })

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

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const until = Date.now() + ms
  await waitFor('a delay', () => Date.now() >= until, {
    intervalMs: Math.min(ms, 50),
    timeoutMs: 2 * ms,
    signal,
  }).catch(() => {})
}

/** One address per pod of 10.128.0.0/9. */
function createAddresses() {
  const given = new Map<string, string>()
  return {
    of(uid: string): string {
      const known = given.get(uid)
      if (known) return known
      const n = given.size + 1
      const ip = `10.${128 + ((n >> 16) & 127)}.${(n >> 8) & 255}.${n & 255}`
      given.set(uid, ip)
      return ip
    },
  }
}
