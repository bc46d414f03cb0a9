// Follows the logs of a system: one reader for each container that has run, begun as the watch of the pods tells of it.
//
// A reader is in one of three states: it reads (a connection is open), it pauses (the connection broke while the container
// runs on), or it waits for the next run of its container. It ends when the pod is gone, or when nothing new is looked
// for any more and its container has ended.
import { setMaxListeners } from 'node:events'
import type { LogLine } from '../../orchestrator.ts'
import { createBackoff } from '../../shared/backoff.ts'
import { createLane, type Lane } from '../../shared/lane.ts'
import { type Mark, newLines } from '../../shared/new-lines.ts'
import { codes, hasCode } from './api-error.ts'
import { type LogSource, logSourcesOf } from './log-sources.ts'
import type { LogRequest, ReadLog } from './log-stream.ts'
import type { KubeObject } from './objects.ts'
import type { ListOptions, Resources } from './resources.ts'
import { type WatchTimings, watchKind } from './watch-kind.ts'

export type Following = {
  resources: Resources
  timings: WatchTimings
  listing: ListOptions
  read: ReadLog
  /** The containers that there are now. */
  list: () => Promise<LogSource[]>
  service: string | null
  tail: number | null
  since: bigint | null
  last: AbortSignal
}

/** `source`: as it was last seen. `isGone`: its pod does not exist any more. */
type Reader = { source: LogSource; isGone: boolean; ring: () => void }

const readersAtOnce = 100

/** `first`: the containers that there were before; of later ones every line is told. */
export async function* followLogs(
  following: Following,
  first: readonly LogSource[],
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  const ending = new AbortController()
  const all = AbortSignal.any([signal, ending.signal])
  // Each reader listens while it reads.
  setMaxListeners(0, all)
  const lane = createLane<LogLine>()
  const readers = createReaders(following, lane, all)
  const { resources, listing, timings, last, list } = following
  const finish = () =>
    list().then(
      (sources) => readers.finish(sources),
      () => readers.finish([]),
    )
  const close = () => lane.close()
  try {
    signal.addEventListener('abort', close)
    last.addEventListener('abort', finish)
    for (const source of first) readers.see(source, following.tail)
    void watchKind(resources, listing, toSink(following.service, readers), timings, all)
    if (last.aborted) void finish()
    if (signal.aborted) close()
    yield* lane
  } finally {
    signal.removeEventListener('abort', close)
    last.removeEventListener('abort', finish)
    ending.abort()
  }
}

type Readers = ReturnType<typeof createReaders>

function toSink(service: string | null, readers: Readers) {
  const put = (pod: KubeObject) => {
    for (const source of logSourcesOf(pod, service)) readers.see(source, null)
  }
  return {
    put,
    listed: readers.keepOnly,
    drop: ({ metadata }: KubeObject) => readers.drop(metadata.uid),
    // What the watch can't tell for a while is told when it is back.
    health: () => {},
    restarted: () => {},
  }
}

function createReaders(following: Following, lane: Lane<LogLine>, signal: AbortSignal) {
  const readers = new Map<string, Reader>()
  let isLast = false
  const closeIfDone = () => {
    if (isLast && readers.size === 0) lane.close()
  }
  const begin = (source: LogSource, tail: number | null) => {
    const reader: Reader = { source, isGone: false, ring: () => {} }
    readers.set(source.key, reader)
    runReader(reader, { ...following, tail }, { lane, signal, isLast: () => isLast })
      .catch((error: unknown) => {
        if (!signal.aborted) lane.close(error)
      })
      .finally(() => {
        if (readers.get(source.key) === reader) readers.delete(source.key)
        closeIfDone()
      })
  }
  const ringAll = () => {
    for (const reader of readers.values()) reader.ring()
  }
  signal.addEventListener('abort', ringAll, { once: true })
  const dropWhere = (isGone: (uid: string) => boolean) => {
    for (const [key, reader] of readers) {
      if (!isGone(key.slice(0, key.indexOf('/')))) continue
      reader.isGone = true
      reader.ring()
    }
  }
  return {
    see(source: LogSource, tail: number | null) {
      const reader = readers.get(source.key)
      if (!reader) {
        if (readers.size < readersAtOnce && !signal.aborted) begin(source, tail)
        return
      }
      reader.source = source
      reader.ring()
    },
    drop: (uid: string) => dropWhere((one) => one === uid),
    keepOnly: (uids: ReadonlySet<string>) => dropWhere((one) => !uids.has(one)),
    /** Nothing new is looked for: it ends with the containers that have run until now. */
    finish(sources: readonly LogSource[]) {
      for (const source of sources) this.see(source, null)
      isLast = true
      ringAll()
      closeIfDone()
    },
  }
}

type Surroundings = { lane: Lane<LogLine>; signal: AbortSignal; isLast: () => boolean }

/** Throws where it may not be read. */
async function runReader(
  reader: Reader,
  { read, tail, since, timings }: Following,
  { lane, signal, isLast }: Surroundings,
): Promise<void> {
  const backoff = createBackoff(timings.backoff)
  const firstRun = reader.source.run
  let mark: Mark = null
  while (!signal.aborted) {
    const { source } = reader
    const { service, copy, run } = source
    const isFirst: boolean = mark === null && run === firstRun
    const request: LogRequest = { tail: isFirst ? tail : null, since: mark?.at ?? since, follow: true }
    try {
      for await (const line of newLines(await read(source, request, signal), since, mark)) {
        await lane.put({ service, copy, text: line.text })
        mark = line.mark
        backoff.reset()
      }
    } catch (error) {
      if (signal.aborted) return
      if (hasCode(error, codes.forbidden)) throw error
    }
    const isOver = reader.source.isOver && reader.source.run === run
    if (reader.isGone || (isOver && isLast())) return
    if (isOver) await newRun(reader, run, isLast, signal)
    else if (reader.source.run === run) await backoff.pause(signal).catch(() => {})
  }
}

/** Until the container runs again, its pod is gone, or nothing new is looked for. */
async function newRun(
  reader: Reader,
  run: string,
  isLast: () => boolean,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted && !reader.isGone && !isLast() && reader.source.run === run) {
    const { promise, resolve } = Promise.withResolvers<void>()
    reader.ring = resolve
    await promise
  }
}
