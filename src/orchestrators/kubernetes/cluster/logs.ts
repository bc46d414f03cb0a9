// What the containers of a system say: once, or followed over their restarts and over new copies of a service.
import type { SystemIdentity } from '../../../system/spec.ts'
import type { LogLine, LogOptions } from '../../orchestrator.ts'
import { followLogs, type SourceSink } from '../../shared/follow-logs.ts'
import { newest } from '../../shared/log-source.ts'
import { mustBeReadable, readOnce } from '../../shared/read-once.ts'
import { codes, hasCode } from './api-error.ts'
import type { Client } from './client.ts'
import { kindOf } from './kinds.ts'
import { logSourcesOf, type PodLogSource } from './log-sources.ts'
import { createReadLog, isGoneLog } from './log-stream.ts'
import type { KubeObject } from './objects.ts'
import type { ListOptions, Resources } from './resources.ts'
import { selectorOf } from './selectors.ts'
import { type WatchTimings, watchKind } from './watch-kind.ts'

export type LogReading = { client: Client; resources: Resources; timings: WatchTimings }

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
  const reading = { read, isGone: isGoneLog }
  const sources = await list()
  const since = options.since === null ? null : BigInt(Math.floor(options.since)) * 1_000_000n
  if (!options.follow && sources.length === 0) return null
  if (!options.follow) return readOnce(reading, sources, { ...options, since }, signal)
  await mustBeReadable(reading, sources[0], signal)
  const { tail, service } = options
  const { last } = options.follow
  const watch = (sink: SourceSink<PodLogSource>, until: AbortSignal) =>
    watchKind(resources, listing, toKindSink(service, sink), timings, until)
  const isForbidden = (error: unknown) => hasCode(error, codes.forbidden)
  const following = { ...{ watch, read, list, isForbidden, tail, since, last }, backoff: timings.backoff }
  return followLogs(following, sources, signal)
}

function toListing({ namespace, sid }: SystemIdentity): ListOptions {
  const kind = kindOf('v1', 'Pod')
  if (!kind) throw new Error('the engine does not know pods')
  return { kind, namespace, selector: selectorOf(sid) }
}

function toKindSink(service: string | null, sink: SourceSink<PodLogSource>) {
  return {
    put(pod: KubeObject) {
      for (const source of logSourcesOf(pod, service)) sink.see(source)
    },
    listed: sink.keepOnly,
    drop: ({ metadata }: KubeObject) => sink.drop(metadata.uid),
    // What the watch can't tell for a while is told when it is back.
    health: () => {},
    restarted: () => {},
  }
}
