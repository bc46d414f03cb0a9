// What the containers of a system say: once, or followed over their restarts and over new copies of a service.
import type { SystemIdentity } from '../../../system/spec.ts'
import type { LogLine, LogOptions } from '../../orchestrator.ts'
import { concurrently } from '../../shared/concurrently.ts'
import { followLogs, type SourceSink } from '../../shared/follow-logs.ts'
import { newest } from '../../shared/log-source.ts'
import { mustBeReadable, readOnce } from '../../shared/read-once.ts'
import { LABEL } from '../labels.ts'
import type { EngineClient } from './client.ts'
import type { EngineEvent, EventStream } from './event-stream.ts'
import { type ContainerLogSource, createReadLog, isGoneLog, toSource } from './log-stream.ts'
import type { Requests } from './requests.ts'
import { ofIncarnation } from './selectors.ts'

export type LogReading = { client: EngineClient; requests: Requests; events: EventStream }

const backoff = { firstMs: 200, longestMs: 5_000 }
const inspectsAtOnce = 8

/** Throws as the port says, before the first line. */
export async function readLogs(
  { client, requests, events }: LogReading,
  identity: SystemIdentity,
  { service, tail, since: sinceMs, follow }: LogOptions,
  signal: AbortSignal,
): Promise<AsyncIterable<LogLine> | null> {
  const read = createReadLog(client)
  const list = async (until = signal) => newest(await findSources(requests, identity, service, until))
  const reading = { read, isGone: isGoneLog }
  const sources = await list()
  const since = sinceMs === null ? null : BigInt(Math.floor(sinceMs)) * 1_000_000n
  if (!follow && sources.length === 0) return null
  if (!follow) return readOnce(reading, sources, { tail, since }, signal)
  await mustBeReadable(reading, sources[0], signal)
  const watch = (sink: SourceSink<ContainerLogSource>, until: AbortSignal) =>
    watchSources({ requests, events }, { identity, service, list }, sink, until)
  const following = { ...{ watch, read, list, tail, since, backoff }, last: follow.last }
  return followLogs({ ...following, isForbidden: () => false }, sources, signal)
}

async function findSources(
  requests: Requests,
  identity: SystemIdentity,
  service: string | null,
  signal: AbortSignal,
): Promise<ContainerLogSource[]> {
  const listed = await requests.containers(ofIncarnation(identity), signal)
  const wanted = listed.filter(({ Labels }) => service === null || Labels?.[LABEL.service] === service)
  const all = await concurrently(wanted, inspectsAtOnce, ({ Id }) => readSource(requests, Id, signal))
  return all.flatMap((source) => source ?? [])
}

async function readSource(
  requests: Requests,
  id: string,
  signal: AbortSignal,
): Promise<ContainerLogSource | undefined> {
  const live = await requests.container(id, signal)
  return live && toSource(live)
}

type Watched = {
  identity: SystemIdentity
  service: string | null
  list: (signal: AbortSignal) => Promise<ContainerLogSource[]>
}

function watchSources(
  { requests, events }: Pick<LogReading, 'requests' | 'events'>,
  { identity, service, list }: Watched,
  sink: SourceSink<ContainerLogSource>,
  signal: AbortSignal,
): Promise<void> {
  const isOurs = ({ Type: type, Actor: actor }: EngineEvent) => {
    const { [LABEL.sid]: sid, [LABEL.service]: of } = actor?.Attributes ?? {}
    return type === 'container' && sid === identity.sid && (service === null || of === service)
  }
  const look = async (id: string) => {
    const source = await readSource(requests, id, signal).catch(() => undefined)
    if (source) sink.see(source)
  }
  return events.listen(
    {
      async opened(opening) {
        const sources = await list(opening)
        sink.keepOnly(new Set(sources.map(({ owner }) => owner)))
        for (const source of sources) sink.see(source)
      },
      event(event) {
        const { ID: id = '' } = event.Actor ?? {}
        if (!isOurs(event)) return
        if (event.Action === 'destroy' || event.Action === 'remove') sink.drop(id)
        else if (event.Action === 'start' || event.Action === 'die' || event.Action === 'died') void look(id)
      },
      // What the stream can't tell for a while is told when it is back.
      health: () => {},
    },
    signal,
  )
}
