/**
 * A small stand-in for kubelets in front of a real API server: registers nodes, reports of each of their pods the state
 * that the test's plan says, and confirms deletions. It runs nothing. On a control plane without a scheduler it stands in
 * for that too, and binds every pod.
 */
import { createApi, readAccess } from '../cluster/api.ts'
import { createKeeper, type PodPlan, type Served } from './keeper.ts'
import { registerNode, removeNode } from './node.ts'
import type { Pod } from './pod.ts'
import { createSender } from './sender.ts'
import { watchPods } from './watch-pods.ts'

export type { PodPlan } from './keeper.ts'

export type StandInKubelet = AsyncDisposable & {
  /** The pods that it knows, by uid. */
  pods: ReadonlyMap<string, Pod>
  /** What it has done so far. */
  served: Readonly<Served>
  /** Another plan, for the pods that are there too. */
  follow(plan: PodPlan): void
}

export const allReady: PodPlan = () => ({ is: 'ready' })

export type KubeletOptions = {
  plan?: PodPlan
  /** It serves the pods of this one alone, so that there may be others beside it. */
  namespace?: string
  nodes?: number
  podsPerNode?: number
  /** False: beside a real scheduler, which binds the pods. */
  binds?: boolean
  /** Writes that may be under way at once. */
  connections?: number
  http2?: boolean
}

export async function startKubelet(
  kubeconfig: string,
  options: KubeletOptions = {},
): Promise<StandInKubelet> {
  const { plan = allReady, namespace, binds = true, podsPerNode = 100_000 } = options
  const { connections = 16, http2 = false } = options
  await using opening = new AsyncDisposableStack()
  const access = readAccess(kubeconfig)
  const api = opening.use(createApi(access))
  const sender = opening.use(createSender(access, { connections, http2 }))
  const nodes = nodeNames(namespace, options.nodes ?? 1)
  for (const node of nodes) {
    await registerNode(api, node, podsPerNode)
    opening.defer(() => removeNode(api, node))
  }
  const stop = new AbortController()
  const keeper = createKeeper({ sender, nodes, binds, signal: stop.signal, plan })
  const watching = watchPods({ api, namespace, onlyBound: !binds, sink: keeper, signal: stop.signal })
  opening.defer(async () => {
    stop.abort()
    await Promise.all([watching, keeper.idle()])
  })
  const opened = opening.move()
  return {
    pods: keeper.pods,
    served: keeper.served,
    follow: keeper.follow,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

function nodeNames(namespace: string | undefined, count: number): string[] {
  const name = `stand-in-${namespace ?? 'of-all'}`
  return count === 1 ? [name] : Array.from({ length: count }, (_, index) => `${name}-${index}`)
}
