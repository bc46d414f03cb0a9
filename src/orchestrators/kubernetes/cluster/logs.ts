// What the containers of a system say: once, or followed over their restarts and over new copies of a service.
import { setMaxListeners } from 'node:events'
import type { SystemIdentity } from '../../../system/spec.ts'
import type { LogLine, LogOptions } from '../../orchestrator.ts'
import { mergeByTime } from '../../shared/merge-lines.ts'
import { newLines } from '../../shared/new-lines.ts'
import type { Client } from './client.ts'
import { followLogs } from './follow-logs.ts'
import { kindOf } from './kinds.ts'
import { type LogSource, logSourcesOf } from './log-sources.ts'
import { createReadLog, isGoneLog, type ReadLog } from './log-stream.ts'
import type { ListOptions, Resources } from './resources.ts'
import { selectorOf } from './selectors.ts'
import type { WatchTimings } from './watch-kind.ts'

export type LogReading = { client: Client; resources: Resources; timings: WatchTimings }

/** The newest so many containers are read: each takes a connection. */
export const sourcesAtOnce = 100

/** Throws as the port says, before the first line. */
export async function readLogs(
  { client, resources, timings }: LogReading,
  identity: SystemIdentity,
  options: LogOptions,
  signal: AbortSignal,
): Promise<AsyncIterable<LogLine> | null> {
  const listing = toListing(identity)
  const read = createReadLog(client, identity)
  const list = async () => {
    const items = await resources.list(listing, signal)
    return newest(items.flatMap((pod) => logSourcesOf(pod, options.service)))
  }
  const sources = await list()
  const since = options.since === null ? null : BigInt(Math.floor(options.since)) * 1_000_000n
  if (!options.follow && sources.length === 0) return null
  if (!options.follow) return readOnce(read, sources, { ...options, since }, signal)
  await mustBeReadable(read, sources[0], signal)
  const { last } = options.follow
  return followLogs({ resources, timings, listing, read, list, ...options, since, last }, sources, signal)
}

function toListing({ namespace, sid }: SystemIdentity): ListOptions {
  const kind = kindOf('v1', 'Pod')
  if (!kind) throw new Error('the engine does not know pods')
  return { kind, namespace, selector: selectorOf(sid) }
}

function newest(sources: readonly LogSource[]): LogSource[] {
  return sources.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt)).slice(0, sourcesAtOnce)
}

/** Who may not read one may read none. */
async function mustBeReadable(
  read: ReadLog,
  source: LogSource | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (!source) return
  const lines = await opened(read, source, { tail: 0, since: null }, signal)
  await lines?.return(undefined)
}

async function readOnce(
  read: ReadLog,
  sources: readonly LogSource[],
  { tail, since }: { tail: number | null; since: bigint | null },
  signal: AbortSignal,
): Promise<AsyncIterable<LogLine>> {
  const ending = new AbortController()
  const all = AbortSignal.any([signal, ending.signal])
  setMaxListeners(0, all)
  try {
    const open = sources.map(async (source) => {
      const lines = await opened(read, source, { tail, since }, all)
      return lines ? [told(source, newLines(lines, since, null))] : []
    })
    return mergeByTime((await Promise.all(open)).flat())
  } catch (error) {
    ending.abort()
    throw error
  }
}

/** Null for a container that is gone by now. */
async function opened(
  read: ReadLog,
  source: LogSource,
  { tail, since }: { tail: number | null; since: bigint | null },
  signal: AbortSignal,
) {
  try {
    return await read(source, { tail, since, follow: false }, signal)
  } catch (error) {
    if (isGoneLog(error)) return null
    throw error
  }
}

async function* told(
  { service, copy }: LogSource,
  lines: AsyncIterable<{ at: bigint; text: string }>,
): AsyncGenerator<LogLine & { at: bigint }> {
  for await (const { at, text } of lines) yield { at, service, copy, text }
}
