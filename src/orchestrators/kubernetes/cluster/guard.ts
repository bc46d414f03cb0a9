// Keeps the NetworkPolicy that a namespace of systems has for all of them: there is one, it says what is wanted, and it
// comes back when somebody takes it away. A watch, so that nothing is asked while nothing changes.
import { isDeepStrictEqual } from 'node:util'
import { createBackoff } from '../../shared/backoff.ts'
import type { Cached } from '../../shared/cached.ts'
import { createDirtyQueue } from '../../shared/dirty-queue.ts'
import type { Logger } from '../../shared/logger.ts'
import type { ClusterFacts } from '../facts.ts'
import { codes, hasCode } from './api-error.ts'
import type { Client } from './client.ts'
import { type Kind, kindNamed } from './kinds.ts'
import type { KubeObject } from './objects.ts'
import type { Resources, Target } from './resources.ts'
import { servedNamespaces } from './served-namespaces.ts'
import { type RestartListener, type RestartReason, type WatchTimings, watchKind } from './watch-kind.ts'

/** `labels` find it; `toBody` says how it is to be, null: not at all. */
export type GuardPolicy = {
  labels: Readonly<Record<string, string>>
  toBody(facts: ClusterFacts): { metadata: { name: string }; spec: object } | null
}

export type GuardOptions = {
  client: Client
  resources: Resources
  facts: Cached<ClusterFacts>
  /** Guarded; empty: that of the kubeconfig's context. */
  namespaces: readonly string[]
  policy: GuardPolicy
  timings: WatchTimings
  onRestart: RestartListener
  log: Logger
}

/** Two that want different things, in one namespace, must not write all the time. */
const pauseBetweenWrites = { firstMs: 1_000, longestMs: 30_000 }

/** Runs until aborted, and ends quietly; a cluster that is away, or refuses, is asked again. */
export async function guard(options: GuardOptions, signal: AbortSignal): Promise<void> {
  const namespaces = await findNamespaces(options, signal)
  await Promise.all(namespaces.map((namespace) => guardNamespace(namespace, options, signal)))
}

async function findNamespaces(
  { client, namespaces, timings }: GuardOptions,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const backoff = createBackoff(timings.backoff)
  while (!signal.aborted) {
    try {
      return await servedNamespaces(client, namespaces)
    } catch {
      // No cluster is configured yet; the observer says so.
      await backoff.pause(signal).catch(() => {})
    }
  }
  return []
}

async function guardNamespace(namespace: string, options: GuardOptions, signal: AbortSignal): Promise<void> {
  const kind = kindNamed('NetworkPolicy')
  const queue = createDirtyQueue<'policy'>()
  let live: KubeObject | undefined
  const see = (seen: KubeObject | undefined) => {
    live = seen
    queue.add('policy', 'policy')
  }
  const sink = {
    put: (object: KubeObject) => see(object),
    listed: (uids: ReadonlySet<string>) => {
      if (!uids.has(live?.metadata.uid ?? '')) see(undefined)
    },
    drop: () => see(undefined),
    health: sayForbidden(namespace, options.log),
    restarted: (reason: RestartReason) => options.onRestart(kind.plural, reason),
  }
  const list = { kind, namespace, selector: toSelector(options.policy) }
  const watching = watchKind(options.resources, list, sink, options.timings, signal)
  const backoff = createBackoff(pauseBetweenWrites)
  for await (const _ of queue.take(signal)) {
    const outcome = await bring(live, kind, namespace, options, signal).catch((error: unknown) => {
      if (signal.aborted) return 'failed' as const
      options.log.warn({ namespace, reason: toReason(error) }, 'the egress guard is not written yet')
      queue.add('policy', 'policy')
      return 'failed' as const
    })
    if (outcome === 'asWanted') backoff.reset()
    else await backoff.pause(signal).catch(() => {})
  }
  await watching
}

/** Once. All other trouble with the cluster is the observer's to tell. */
function sayForbidden(namespace: string, log: Logger): (error: unknown) => void {
  let isSaid = false
  return (error) => {
    if (isSaid || !hasCode(error, codes.forbidden)) return
    isSaid = true
    log.warn({ namespace }, 'NetworkPolicies may not be watched: metadata addresses stay open to pods')
  }
}

function toSelector({ labels }: GuardPolicy): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`)
  return pairs.join(',')
}

/** Writes at most once. */
async function bring(
  live: KubeObject | undefined,
  kind: Kind,
  namespace: string,
  { resources, facts, policy, log }: GuardOptions,
  signal: AbortSignal,
): Promise<'asWanted' | 'written'> {
  const body = policy.toBody(await facts(signal))
  if (isDeepStrictEqual(live?.spec, body?.spec)) return 'asWanted'
  if (body) {
    await resources.apply({ kind, namespace, name: body.metadata.name }, body, signal)
    log.info({ namespace }, 'the egress guard is written')
  } else if (live) {
    await removeGone(resources, { kind, namespace, name: live.metadata.name }, live, signal)
    log.info({ namespace }, 'the egress guard is taken away')
  }
  return 'written'
}

async function removeGone(
  resources: Resources,
  target: Target,
  live: KubeObject,
  signal: AbortSignal,
): Promise<void> {
  await resources.remove(target, live.metadata.uid, signal).catch((error: unknown) => {
    if (!hasCode(error, codes.notFound)) throw error
  })
}

function toReason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
