// What the tasks of a system say: their logs come from all nodes, through the manager.
import { setTimeout as delay } from 'node:timers/promises'
import type { SystemIdentity } from '../../../../system/spec.ts'
import type { LastWords, LogLine, LogOptions } from '../../../orchestrator.ts'
import { followLogs, type SourceSink } from '../../../shared/follow-logs.ts'
import { parseLogLines } from '../../../shared/log-lines.ts'
import { type LogSource, newest, type ReadLog } from '../../../shared/log-source.ts'
import { mustBeReadable, readOnce } from '../../../shared/read-once.ts'
import type { EngineClient } from '../../engine/client.ts'
import { codes, hasCode } from '../../engine/engine-error.ts'
import { joinFrames } from '../../engine/log-frames.ts'
import { ofIncarnation } from '../../engine/selectors.ts'
import { LABEL } from '../../labels.ts'
import type { Finding } from './find.ts'
import { type LiveService, type LiveTask, labelsOf } from './live.ts'

type TaskSource = LogSource & { isTerminal: boolean; task: LiveTask }
export type SwarmLogReading = Finding & { client: EngineClient }

const backoff = { firstMs: 200, longestMs: 5_000 }
const everyMs = 1_000
const lines = 20
const longestLine = 500

export async function readSwarmLogs(
  reading: SwarmLogReading,
  identity: SystemIdentity,
  { service, tail, since: sinceMs, follow }: LogOptions,
  signal: AbortSignal,
): Promise<AsyncIterable<LogLine> | null> {
  const read = createReadTask(reading.client)
  const once = { read, isGone: isGoneLog }
  const list = async (until = signal) => newest(await findTasks(reading, identity, service, until))
  const sources = await list()
  const since = sinceMs === null ? null : BigInt(Math.floor(sinceMs)) * 1_000_000n
  if (!follow && sources.length === 0) return null
  if (!follow) return readOnce(once, sources, { tail, since }, signal)
  await mustBeReadable(once, sources[0], signal)
  const watch = (sink: SourceSink<TaskSource>, until: AbortSignal) => watchTasks(list, sink, until)
  const following = { ...{ watch, read, list, tail, since, backoff }, last: follow.last }
  return followLogs({ ...following, isForbidden: () => false }, sources, signal)
}

/** Of the task that has failed last. */
export async function readSwarmLastWords(
  reading: SwarmLogReading,
  identity: SystemIdentity,
  service: string,
  signal: AbortSignal,
): Promise<LastWords | null> {
  const sources = await findTasks(reading, identity, service, signal)
  const failed = sources.filter(({ task }) => task.Status.State === 'failed')
  const [speaker] = newest(failed.length > 0 ? failed : sources)
  if (!speaker) return null
  const said: string[] = []
  try {
    const asked = { tail: lines, since: null, follow: false }
    for await (const { text } of await createReadTask(reading.client)(speaker, asked, signal)) said.push(text)
  } catch (error) {
    if (isGoneLog(error)) return null
    throw error
  }
  const cut = (line: string) => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line)
  return {
    container: speaker.key,
    lines: said
      .map(cut)
      .filter((line) => line !== '')
      .slice(-lines),
  }
}

async function findTasks(
  { swarm }: Finding,
  identity: SystemIdentity,
  service: string | null,
  signal: AbortSignal,
): Promise<TaskSource[]> {
  const services = (await swarm.services(ofIncarnation(identity), signal)).filter(
    (one) => service === null || labelsOf(one)[LABEL.service] === service,
  )
  const byId = new Map(services.map((one) => [one.ID, one]))
  const tasks = await swarm.tasks([...byId.keys()], signal)
  return tasks.flatMap((task) => toSource(task, byId.get(task.ServiceID)) ?? [])
}

function toSource(task: LiveTask, service: LiveService | undefined): TaskSource | undefined {
  const name = service && labelsOf(service)[LABEL.service]
  if (!service || name === undefined || !task.Status.ContainerStatus?.ContainerID) return undefined
  return {
    key: task.ID,
    owner: task.ID,
    service: name,
    copy: `${task.Slot ?? task.ID.slice(0, 8)}`,
    createdAt: task.CreatedAt,
    run: task.ID,
    isOver: task.Status.State !== 'running' && task.Status.State !== 'starting',
    isTerminal: service.Spec.TaskTemplate?.ContainerSpec?.TTY ?? false,
    task,
  }
}

function createReadTask(client: EngineClient): ReadLog<TaskSource> {
  return async ({ key, isTerminal }, { tail, since, follow }, signal) => {
    const query = {
      ...{ stdout: true, stderr: true, timestamps: true, follow, tail: tail ?? 'all' },
      ...(since !== null && { since: Number(since / 1_000_000_000n) }),
    }
    const request = { method: 'GET', path: `/tasks/${key}/logs`, query, what: `log of task ${key}` } as const
    const chunks = await client.stream(request, signal)
    return parseLogLines(isTerminal ? chunks : joinFrames(chunks))
  }
}

function isGoneLog(error: unknown): boolean {
  return hasCode(error, codes.notFound)
}

/** Until the signal aborts; what can't be read for a while is told when it can be again. */
async function watchTasks(
  list: (signal: AbortSignal) => Promise<TaskSource[]>,
  sink: SourceSink<TaskSource>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const sources = await list(signal).catch(() => null)
    if (sources) {
      sink.keepOnly(new Set(sources.map(({ owner }) => owner)))
      for (const source of sources) sink.see(source)
    }
    await delay(everyMs, undefined, { signal }).catch(() => {})
  }
}
