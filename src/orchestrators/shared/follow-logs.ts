// Follows the logs of a system: one reader for each container that has run, begun as the watch tells of it.
//
// A reader is in one of three states: it reads (a connection is open), it pauses (the connection broke while the container
// runs on), or it waits for the next run of its container. It ends when its owner (the pod) is gone, or when nothing new is looked
// for any more and its container has ended.
import { setMaxListeners } from 'node:events'
import type { LogLine } from '../orchestrator.ts'
import { type BackoffLimits, createBackoff } from './backoff.ts'
import { createLane, type Lane } from './lane.ts'
import type { LogRequest, LogSource, ReadLog } from './log-source.ts'
import { type Mark, newLines } from './new-lines.ts'

/** Told of what runs: each source when it has changed, and what is gone by its owner. */
export type SourceSink<Source> = {
  see: (source: Source) => void
  drop: (owner: string) => void
  keepOnly: (owners: ReadonlySet<string>) => void
}

export type Following<Source extends LogSource> = {
  /** Tells everything that runs, and what changes, until the signal aborts; recovers by itself. */
  watch: (sink: SourceSink<Source>, signal: AbortSignal) => Promise<void>
  read: ReadLog<Source>
  /** The containers that there are now. */
  list: () => Promise<Source[]>
  /** Of an error of `read`: it may not be read, now or later. */
  isForbidden: (error: unknown) => boolean
  backoff: BackoffLimits
  tail: number | null
  since: bigint | null
  last: AbortSignal
}

/** `source`: as it was last seen. `isGone`: its pod does not exist any more. */
type Reader<Source> = { source: Source; isGone: boolean; ring: () => void }

const readersAtOnce = 100

/** `first`: the containers that there were before; of later ones every line is told. */
export async function* followLogs<Source extends LogSource>(
  following: Following<Source>,
  first: readonly Source[],
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  const ending = new AbortController()
  const all = AbortSignal.any([signal, ending.signal])
  // Each reader listens while it reads.
  setMaxListeners(0, all)
  const lane = createLane<LogLine>()
  const readers = createReaders(following, lane, all)
  const { last, list } = following
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
    void following.watch({ ...readers, see: (source) => readers.see(source, null) }, all)
    if (last.aborted) void finish()
    if (signal.aborted) close()
    yield* lane
  } finally {
    signal.removeEventListener('abort', close)
    last.removeEventListener('abort', finish)
    ending.abort()
  }
}

function createReaders<Source extends LogSource>(
  following: Following<Source>,
  lane: Lane<LogLine>,
  signal: AbortSignal,
) {
  const readers = new Map<string, Reader<Source>>()
  let isLast = false
  const closeIfDone = () => {
    if (isLast && readers.size === 0) lane.close()
  }
  const begin = (source: Source, tail: number | null) => {
    const reader: Reader<Source> = { source, isGone: false, ring: () => {} }
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
  const dropWhere = (isGone: (owner: string) => boolean) => {
    for (const reader of readers.values()) {
      if (!isGone(reader.source.owner)) continue
      reader.isGone = true
      reader.ring()
    }
  }
  return {
    see(source: Source, tail: number | null) {
      const reader = readers.get(source.key)
      if (!reader) {
        if (readers.size < readersAtOnce && !signal.aborted) begin(source, tail)
        return
      }
      reader.source = source
      reader.ring()
    },
    drop: (owner: string) => dropWhere((one) => one === owner),
    keepOnly: (owners: ReadonlySet<string>) => dropWhere((one) => !owners.has(one)),
    /** Nothing new is looked for: it ends with the containers that have run until now. */
    finish(sources: readonly Source[]) {
      for (const source of sources) this.see(source, null)
      isLast = true
      ringAll()
      closeIfDone()
    },
  }
}

type Surroundings = { lane: Lane<LogLine>; signal: AbortSignal; isLast: () => boolean }

/** Throws where it may not be read. */
async function runReader<Source extends LogSource>(
  reader: Reader<Source>,
  { read, tail, since, backoff: limits, isForbidden }: Following<Source>,
  { lane, signal, isLast }: Surroundings,
): Promise<void> {
  const backoff = createBackoff(limits)
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
      if (isForbidden(error)) throw error
    }
    const isOver = reader.source.isOver && reader.source.run === run
    if (reader.isGone || (isOver && isLast())) return
    if (isOver) await newRun(reader, run, isLast, signal)
    else if (reader.source.run === run) await backoff.pause(signal).catch(() => {})
  }
}

/** Until the container runs again, its pod is gone, or nothing new is looked for. */
async function newRun<Source extends LogSource>(
  reader: Reader<Source>,
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
