/** Keeps a map of one kind of object up to date: list, watch, and list again whenever the watch ends. */
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type { Api } from '../api.ts'

type Identified = { metadata: { namespace: string; name: string } }
type List<T> = { metadata: { resourceVersion: string }; items: T[] }
type Change<T> = { type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'; object: T }

export type Followed<T> = { objects: ReadonlyMap<string, T>; isReady: () => boolean }

const PAUSE_MS = 500

/** Follows all objects of a core kind (`services`, `endpoints`) until the signal aborts. */
export function follow<T extends Identified>(
  api: Api,
  kind: string,
  signal: AbortSignal,
  report: (error: unknown) => void,
): Followed<T> {
  const objects = new Map<string, T>()
  let ready = false
  const round = async () => {
    const list = await api.send<List<T>>('GET', `/api/v1/${kind}`)
    objects.clear()
    for (const item of list.items) objects.set(toId(item), item)
    ready = true
    await readChanges(api, kind, list.metadata.resourceVersion, objects, signal)
  }
  const loop = async () => {
    while (!signal.aborted) {
      await round().catch(report)
      await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined)
    }
  }
  void loop()
  return { objects, isReady: () => ready }
}

const toId = ({ metadata }: Identified) => `${metadata.namespace}/${metadata.name}`

/** Applies the lines of one watch. An ERROR line (410: too old) ends it, and the caller lists again. */
async function readChanges<T extends Identified>(
  api: Api,
  kind: string,
  resourceVersion: string,
  objects: Map<string, T>,
  signal: AbortSignal,
): Promise<void> {
  const body = await api.watch(`/api/v1/${kind}?watch=1&resourceVersion=${resourceVersion}`, signal)
  for await (const line of createInterface({ input: Readable.from(body) })) {
    const { type, object } = JSON.parse(line) as Change<T>
    if (type === 'ERROR') return
    if (type === 'DELETED') objects.delete(toId(object))
    else if (type !== 'BOOKMARK') objects.set(toId(object), object)
  }
}
