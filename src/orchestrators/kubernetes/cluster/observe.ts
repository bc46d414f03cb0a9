// One observation of all systems: a list and watch per kind, joined by incarnation.
import { TychoError } from '../../../problem.ts'
import type { Observation } from '../../orchestrator.ts'
import { createBackoff } from '../../shared/backoff.ts'
import { createDirtyQueue, type DirtyQueue } from '../../shared/dirty-queue.ts'
import type { Logger } from '../../shared/logger.ts'
import { codes, hasCode } from './api-error.ts'
import type { Client } from './client.ts'
import { type Kind, kindsOfIncarnation, pathOf } from './kinds.ts'
import type { KubeObject } from './objects.ts'
import type { Resources } from './resources.ts'
import { events, toSeenEvent, watchedReasons } from './seen-event.ts'
import { createSeenStore, type SeenStore } from './seen-store.ts'
import { managedSelector } from './selectors.ts'
import { servedNamespaces } from './served-namespaces.ts'
import { createTroubles, type Troubles } from './troubles.ts'
import { type RestartListener, type RestartReason, type WatchTimings, watchKind } from './watch-kind.ts'

export type ObserveOptions = {
  client: Client
  resources: Resources
  /** Watched where not all may be; empty: that of the kubeconfig's context. */
  namespaces: readonly string[]
  timings: WatchTimings
  onRestart: RestartListener
  log: Logger
}

type Dirty = { store: SeenStore; key: string } | 'synced'

/**
 * Tells each incarnation whenever its state differs from what was told before, and `synced` once, after everything
 * that existed. One whose last object is gone is told without services. Outlives dropped and silent watches and a
 * cluster that is away or not configured yet; ends quietly when aborted.
 */
export async function* observe(options: ObserveOptions, signal: AbortSignal): AsyncGenerator<Observation> {
  const stop = new AbortController()
  const until = AbortSignal.any([signal, stop.signal])
  const queue = createDirtyQueue<Dirty>()
  const watching = watchAll(options, queue, until)
  try {
    for await (const dirty of queue.take(until)) {
      const observation: Observation | undefined =
        dirty === 'synced' ? { type: 'synced' } : dirty.store.observe(dirty.key)
      if (observation) yield observation
    }
  } finally {
    stop.abort()
    await watching
  }
}

async function watchAll(
  options: ObserveOptions,
  queue: DirtyQueue<Dirty>,
  signal: AbortSignal,
): Promise<void> {
  const troubles = createTroubles(options.log)
  const scopes = await findScopes(options, troubles.of('namespaces'), signal)
  let unsynced = scopes.length
  const watches = scopes.flatMap((namespace) => {
    const store: SeenStore = createSeenStore(
      (key) => queue.add(`${namespace}|${key}`, { store, key }),
      () => {
        unsynced -= 1
        if (unsynced === 0) queue.add('synced', 'synced')
      },
    )
    const objects = kindsOfIncarnation.map((kind) =>
      watchInto(
        store,
        kind,
        namespace,
        options,
        troubles.of(`${kind.plural} of ${namespace ?? 'all namespaces'}`),
        signal,
      ),
    )
    return [...objects, watchEvents(store, namespace, options, troubles, signal)]
  })
  await Promise.all(watches)
}

function watchInto(
  store: SeenStore,
  kind: Kind,
  namespace: string | null,
  { resources, timings, onRestart }: ObserveOptions,
  health: (error: unknown) => void,
  signal: AbortSignal,
): Promise<void> {
  const options = { kind, namespace, selector: managedSelector, metadataOnly: kind.metadataOnly }
  const sink = {
    listed: (uids: ReadonlySet<string>) => store.keepOnly(kind, uids),
    put: (object: Parameters<SeenStore['put']>[1]) => store.put(kind, object),
    drop: store.drop,
    health,
    restarted: (reason: RestartReason) => onRestart(kind.plural, reason),
  }
  return watchKind(resources, options, sink, timings, signal)
}

/** Events only explain: where they may not be read, the statuses have to suffice. */
async function watchEvents(
  store: SeenStore,
  namespace: string | null,
  { resources, timings, onRestart, log }: ObserveOptions,
  troubles: Troubles,
  signal: AbortSignal,
): Promise<void> {
  const refused = new AbortController()
  const until = AbortSignal.any([signal, refused.signal])
  const put = (object: KubeObject) => {
    const event = toSeenEvent(object)
    if (event) store.tell(event)
  }
  const watching = watchedReasons.map((reason) => {
    const tellOf = troubles.of(`events (${reason}) of ${namespace ?? 'all namespaces'}`)
    const health = (error: unknown) =>
      hasCode(error, codes.forbidden) ? refused.abort(error) : tellOf(error)
    const sink = {
      put,
      listed() {},
      drop() {},
      health,
      restarted: (reason: RestartReason) => onRestart(events.plural, reason),
    }
    return watchKind(
      resources,
      { kind: events, namespace, fieldSelector: `reason=${reason}` },
      sink,
      timings,
      until,
    )
  })
  await Promise.all(watching)
  if (refused.signal.aborted)
    log.info({ namespace }, 'events may not be read: what they would explain stays unsaid')
}

/** All namespaces (null) if that is allowed, else the configured ones. Asks until the cluster can answer. */
async function findScopes(
  { client, namespaces, timings }: ObserveOptions,
  health: (error: unknown) => void,
  signal: AbortSignal,
): Promise<(string | null)[]> {
  const backoff = createBackoff(timings.backoff)
  while (!signal.aborted) {
    try {
      const all = await mayListAll(client, signal)
      health(undefined)
      if (all) return [null]
      return await servedNamespaces(client, namespaces)
    } catch (error) {
      if (signal.aborted) break
      health(error)
      await backoff.pause(signal).catch(() => {})
    }
  }
  return []
}

async function mayListAll(client: Client, signal: AbortSignal): Promise<boolean> {
  const [kind] = kindsOfIncarnation
  if (!kind) throw new TychoError('NO_KINDS', 'There is nothing to watch')
  try {
    const query = { labelSelector: managedSelector, limit: '1' }
    await client.request(
      { method: 'GET', path: pathOf(kind, null), query, context: { subject: kind.plural } },
      signal,
    )
    return true
  } catch (error) {
    if (hasCode(error, codes.forbidden)) return false
    throw error
  }
}
