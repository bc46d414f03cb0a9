/** Every pod of the cluster or of a namespace, as it is and as it changes; begins anew whenever the API server ends it or goes away. */
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { type Api, ApiError } from '../cluster/api.ts'
import { waitFor } from '../wait.ts'
import type { Pod } from './pod.ts'

export type PodSink = {
  pods: ReadonlyMap<string, Pod>
  put: (pod: Pod) => void
  drop: (uid: string) => void
}

type PodList = { metadata: { resourceVersion: string }; items: Pod[] }
type WatchEvent = { type: string; object: Pod }

export type PodWatch = {
  api: Api
  /** Left out: those of all namespaces. */
  namespace: string | undefined
  /** Those alone that have a node. */
  onlyBound: boolean
  sink: PodSink
  signal: AbortSignal
}

const pathOf = ({ namespace, onlyBound }: PodWatch, query: Record<string, string> = {}): string => {
  const path = namespace ? `/api/v1/namespaces/${namespace}/pods` : '/api/v1/pods'
  return `${path}?${new URLSearchParams({ ...query, ...(onlyBound && { fieldSelector: 'spec.nodeName!=' }) })}`
}

/** Ends by the signal. */
export async function watchPods(watch: PodWatch): Promise<void> {
  const { signal } = watch
  const ask = async () => {
    const version = await listPods(watch)
    await follow(watch, version)
    return signal.aborted
  }
  // A probe that throws is asked again: that is the way back after the API server was away.
  await waitFor('the end of the watch', ask, {
    timeoutMs: Number.POSITIVE_INFINITY,
    intervalMs: 50,
    signal,
  }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}

async function listPods(watch: PodWatch): Promise<string> {
  const { api, sink } = watch
  const list = await api.send<PodList>('GET', pathOf(watch))
  const present = new Set(list.items.map(({ metadata }) => metadata.uid))
  for (const uid of [...sink.pods.keys()]) if (!present.has(uid)) sink.drop(uid)
  for (const pod of list.items) sink.put(pod)
  return list.metadata.resourceVersion
}

async function follow(watch: PodWatch, from: string): Promise<void> {
  const { api, sink, signal } = watch
  const body = await api.watch(pathOf(watch, { watch: 'true', resourceVersion: from }), signal)
  for await (const line of createInterface({ input: Readable.from(body) })) {
    const { type, object } = JSON.parse(line) as WatchEvent
    if (type === 'ERROR') throw new ApiError(410, line)
    if (type === 'DELETED') sink.drop(object.metadata.uid)
    else sink.put(object)
  }
}
