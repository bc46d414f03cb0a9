// What a bare watch client sees of the systems in some namespaces: when each object came, was ready, and was gone. The
// same client, and the same definition, for all who write them.
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import type { Api } from '../../kit/cluster/api.ts'

/** By `namespace/system`, the first time in milliseconds of `performance.now()`. */
export type Times = ReadonlyMap<string, number>

export type Sight = AsyncDisposable & {
  deployments: Seen
  services: Seen
  pods: Seen
}

type Seen = { came: Times; ready: Times; gone: Times }

type Watched = {
  metadata: { namespace: string; labels?: Record<string, string>; resourceVersion: string }
  status?: { conditions?: { type: string; status: string }[]; availableReplicas?: number }
}

const selector = new URLSearchParams({ labelSelector: 'app.kubernetes.io/managed-by=tycho' })

/** Sees what happens from now on. */
export async function openSight(api: Api, namespaces: readonly string[]): Promise<Sight> {
  const ours = new Set(namespaces)
  const stop = new AbortController()
  const listening: Promise<void>[] = []
  const watch = async (group: string, kind: string, isReady: (object: Watched) => boolean): Promise<Seen> => {
    const path = pathOf(group, kind, namespaces)
    const list = await api.send<{ metadata: { resourceVersion: string } }>('GET', `${path}?limit=1`)
    const open = (version: string, signal: AbortSignal) =>
      api.watch(`${path}?${selector}&${asWatch}&resourceVersion=${version}`, signal)
    const seen = { came: new Map(), ready: new Map(), gone: new Map() }
    listening.push(
      listen(list.metadata.resourceVersion, open, stop.signal, (type, object) => {
        if (ours.has(object.metadata.namespace)) note(seen, type, object, isReady)
      }),
    )
    return seen
  }
  const isUp = ({ status }: Watched) => (status?.availableReplicas ?? 0) > 0
  const isPodReady = ({ status }: Watched) =>
    status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false
  return {
    deployments: await watch('/apis/apps/v1', 'deployments', isUp),
    services: await watch('/api/v1', 'services', () => true),
    pods: await watch('/api/v1', 'pods', isPodReady),
    async [Symbol.asyncDispose]() {
      stop.abort()
      await Promise.all(listening)
    },
  }
}

/** One namespace is watched alone; of several, all that there are. */
function pathOf(group: string, kind: string, namespaces: readonly string[]): string {
  const [only, ...others] = namespaces
  return only && others.length === 0 ? `${group}/namespaces/${only}/${kind}` : `${group}/${kind}`
}

/** A bookmark comes every minute: a watch that is silent for longer is dead, though the connection stands. */
const asWatch = 'watch=true&allowWatchBookmarks=true'
const longestSilenceMs = 90_000

/** The server ends every watch after a while, or falls silent when it has too much to do: `open` goes on from a version. */
async function listen(
  from: string,
  open: (version: string, signal: AbortSignal) => Promise<AsyncIterable<Buffer>>,
  stop: AbortSignal,
  tell: (type: string, object: Watched) => void,
): Promise<void> {
  let version = from
  while (!stop.aborted) {
    const silence = new AbortController()
    const timer = setTimeout(() => silence.abort(), longestSilenceMs)
    const signal = AbortSignal.any([stop, silence.signal])
    try {
      for await (const line of createInterface({ input: Readable.from(await open(version, signal)) })) {
        timer.refresh()
        const { type, object } = JSON.parse(line) as { type: string; object: Watched }
        if (type === 'ERROR') throw new Error(`a watch of the bench was ended: ${line}`)
        version = object.metadata.resourceVersion
        if (type !== 'BOOKMARK') tell(type, object)
      }
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      clearTimeout(timer)
    }
  }
}

function note(
  { came, ready, gone }: Record<'came' | 'ready' | 'gone', Map<string, number>>,
  type: string,
  object: Watched,
  isReady: (object: Watched) => boolean,
): void {
  const now = performance.now()
  const { namespace, labels } = object.metadata
  const key = `${namespace}/${labels?.['tycho.io/system'] ?? ''}`
  const put = (times: Map<string, number>) => {
    if (!times.has(key)) times.set(key, now)
  }
  put(came)
  if (type === 'DELETED') put(gone)
  else if (isReady(object)) put(ready)
}

/** The last of them. */
export const lastOf = (...times: Times[]): number =>
  times.reduce((last, map) => [...map.values()].reduce((one, other) => Math.max(one, other), last), 0)
