// A list and a watch of one kind, kept up for as long as it is wanted. States: without a version (list, tell all),
// with a version (watch from there). An expired version, or that of another cluster, leads back to the list; everything
// else keeps it.
import { TychoError } from '../../../problem.ts'
import { type BackoffLimits, createBackoff } from '../../shared/backoff.ts'
import { codes, hasCode, toClusterError } from './api-error.ts'
import type { KubeObject, KubeStatus } from './objects.ts'
import type { ListOptions, Resources } from './resources.ts'

export type WatchTimings = {
  backoff: BackoffLimits
  /** A watch without a sign of life for so long is broken: the server sends a bookmark each minute. */
  silenceMs: number
  /** How long the server keeps a watch; up to twice that, so that not all end at once. */
  lifeSeconds: number
}

export const watchTimings: WatchTimings = {
  backoff: { firstMs: 250, longestMs: 5_000 },
  silenceMs: 100_000,
  lifeSeconds: 300,
}

/** What is told: each object of a list, page by page, so that few are held at once, and then that it was all; then each change. */
export type WatchSink = {
  put: (object: KubeObject) => void
  /** Everything there is has been told; `uids`: of what. */
  listed: (uids: ReadonlySet<string>) => void
  drop: (object: KubeObject) => void
  /** Told of each failure, and with undefined when it works: the watch is open, or, after a silence, it speaks. */
  health: (error: unknown) => void
  /** Told of each watch that is over and is to be opened again. */
  restarted: (reason: RestartReason) => void
}

/** `ended`: by the server, in its time. */
export type RestartReason = 'ended' | 'expired' | 'silent' | 'error'

/** Told of each watch that is opened again; `resource` is the plural of its kind. */
export type RestartListener = (resource: string, reason: RestartReason) => void

type WatchEvent = { type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; object: KubeObject }
type WatchLine = WatchEvent | { type: 'ERROR'; object: KubeStatus }

const briefMs = 1_000
const silent = 'WATCH_SILENT'

/** Ends only by the signal, and then quietly. */
export async function watchKind(
  resources: Resources,
  options: ListOptions,
  sink: WatchSink,
  timings: WatchTimings,
  signal: AbortSignal,
): Promise<void> {
  const backoff = createBackoff(timings.backoff)
  let version: string | undefined
  let listedIn: number | undefined
  let isSilent = false
  while (!signal.aborted) {
    try {
      const generation = await resources.generation()
      if (version === undefined || generation !== listedIn) {
        version = await tellAll(resources, options, sink, signal)
        listedIn = generation
      }
      const startedAt = performance.now()
      for await (const event of watchFrom(version, resources, options, timings, signal)) {
        // An open watch proves nothing where the last one was open too, and silent.
        if (event !== 'opened') isSilent = false
        if (!isSilent) sink.health(undefined)
        if (event === 'opened') continue
        backoff.reset()
        version = event.object.metadata.resourceVersion
        tell(event, sink)
      }
      sink.restarted('ended')
      // A watch that the server ends at once, again and again, must not become a busy loop.
      if (performance.now() - startedAt < briefMs) await backoff.pause(signal)
    } catch (error) {
      if (signal.aborted) return
      if (hasCode(error, codes.expired)) version = undefined
      else sink.health(error)
      isSilent ||= hasCode(error, silent)
      sink.restarted(reasonOf(error))
      await backoff.pause(signal).catch(() => {})
    }
  }
}

function reasonOf(error: unknown): RestartReason {
  if (hasCode(error, codes.expired)) return 'expired'
  return hasCode(error, silent) ? 'silent' : 'error'
}

/** Answers the version from which a watch goes on. */
async function tellAll(
  resources: Resources,
  options: ListOptions,
  sink: WatchSink,
  signal: AbortSignal,
): Promise<string> {
  const uids = new Set<string>()
  let version = ''
  for await (const { items, resourceVersion } of resources.pages(options, signal)) {
    version = resourceVersion
    for (const object of items) {
      uids.add(object.metadata.uid)
      sink.put(object)
    }
  }
  sink.listed(uids)
  return version
}

/** Bookmarks only move the version on. */
function tell(event: WatchEvent, sink: WatchSink): void {
  if (event.type === 'DELETED') sink.drop(event.object)
  else if (event.type !== 'BOOKMARK') sink.put(event.object)
}

/** That the server has taken the watch, then its events. Throws `RESOURCE_EXPIRED` on 410, `WATCH_SILENT` when nothing came for too long. */
async function* watchFrom(
  version: string,
  resources: Resources,
  options: ListOptions,
  timings: WatchTimings,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent | 'opened'> {
  const silence = new AbortController()
  const timer = setTimeout(() => silence.abort(watchSilent(options)), timings.silenceMs)
  const lifeSeconds = Math.round(timings.lifeSeconds * (1 + Math.random()))
  const query = { resourceVersion: version, allowWatchBookmarks: 'true', timeoutSeconds: `${lifeSeconds}` }
  try {
    const events = await resources.watch(options, query, AbortSignal.any([signal, silence.signal]))
    yield 'opened'
    for await (const value of events) {
      timer.refresh()
      const event = value as WatchLine
      if (event.type === 'ERROR') throw refusalOf(event.object, options)
      yield event
    }
  } finally {
    clearTimeout(timer)
  }
}

function refusalOf(status: KubeStatus, { kind, namespace }: ListOptions): TychoError {
  const refusal = {
    statusCode: status.code ?? 500,
    status,
    retryAfterSeconds: status.details?.retryAfterSeconds,
  }
  return toClusterError(refusal, { subject: kind.plural, namespace })
}

function watchSilent({ kind }: ListOptions): TychoError {
  return new TychoError(silent, `The watch of ${kind.plural} went silent`, {
    status: 503,
    remedy: 'retry',
  })
}
