// One observation of all systems: a list of what there is, and what the engine tells from then on, joined by incarnation.
import type { Observation } from '../../orchestrator.ts'
import { concurrently } from '../../shared/concurrently.ts'
import { createDirtyQueue } from '../../shared/dirty-queue.ts'
import type { Logger } from '../../shared/logger.ts'
import { LABEL, MANAGER } from '../labels.ts'
import { createCoalesced } from './coalesced.ts'
import { codes, hasCode } from './engine-error.ts'
import type { EngineEvent, EventStream } from './event-stream.ts'
import { createIncarnations, type Incarnations, type PartKind } from './incarnations.ts'
import type { Requests } from './requests.ts'
import { toSeen } from './seen.ts'
import { identityOf, managed } from './selectors.ts'
import { createTroubles } from './troubles.ts'

export type Observing = { requests: Requests; events: EventStream; log: Logger }

type Dirty = { key: string } | 'synced'

const inspectsAtOnce = 8

/** These happen inside a container that goes on as it was. */
const nothingNew = /^(exec_|attach|resize|top|copy|export|archive-path|extract-to-dir)/

/**
 * Tells each incarnation whenever its state differs from what was told before, and `synced` once, after everything
 * that existed. One whose last object is gone is told without services. Outlives an engine that is away; ends quietly
 * when aborted.
 */
export async function* observe(
  { requests, events, log }: Observing,
  signal: AbortSignal,
): AsyncGenerator<Observation> {
  const stop = new AbortController()
  const until = AbortSignal.any([signal, stop.signal])
  const queue = createDirtyQueue<Dirty>()
  const mark = (key: string) => queue.add(key, { key })
  const incarnations = createIncarnations(mark)
  const clocks = createClocks(mark)
  const reading = createReading(requests, incarnations, until)
  const health = createTroubles(log)
  let isSynced = false
  const listening = events.listen(
    {
      async opened(opening) {
        await readAll(requests, incarnations, opening)
        if (!isSynced) queue.add('synced', 'synced')
        isSynced = true
      },
      event: (event) => takeEvent(event, incarnations, reading),
      health,
    },
    until,
  )
  try {
    for await (const dirty of queue.take(until)) {
      if (dirty === 'synced') {
        yield { type: 'synced' }
        continue
      }
      const { observation, again } = incarnations.observe(dirty.key, Date.now())
      clocks.set(dirty.key, again)
      if (observation) yield observation
    }
  } finally {
    stop.abort()
    clocks.clear()
    await listening
  }
}

/** What time alone changes is looked at when it is time. */
function createClocks(ring: (key: string) => void) {
  const timers = new Map<string, NodeJS.Timeout>()
  return {
    set(key: string, at: number | null) {
      clearTimeout(timers.get(key))
      timers.delete(key)
      if (at === null) return
      const timer = setTimeout(() => ring(key), Math.max(0, at - Date.now()) + 1)
      timers.set(key, timer)
    },
    clear() {
      for (const timer of timers.values()) clearTimeout(timer)
      timers.clear()
    },
  }
}

type Reading = { container: (id: string) => void; parts: (kind: PartKind) => void }

/** However many events come meanwhile, each thing is read once more. What fails is read when the stream opens again. */
function createReading(requests: Requests, incarnations: Incarnations, signal: AbortSignal): Reading {
  const container = createCoalesced((id: string) => readContainer(id, requests, incarnations, signal))
  const parts = createCoalesced((kind: PartKind) => readParts(kind, requests, incarnations, signal))
  return { container, parts }
}

function takeEvent(event: EngineEvent, incarnations: Incarnations, reading: Reading): void {
  const { Type: type, Action: action = '', Actor: actor } = event
  const { ID: id = '', Attributes: attributes = {} } = actor ?? {}
  if (type === 'container') {
    if (attributes[LABEL.managedBy] !== MANAGER || nothingNew.test(action)) return
    if (action === 'destroy' || action === 'remove') incarnations.drop(id)
    else reading.container(id)
  } else if (type === 'network') {
    if (action === 'create' || action === 'destroy' || action === 'remove') reading.parts('network')
    else if (attributes.container) reading.container(attributes.container)
  } else if (type === 'volume' && (action === 'create' || action === 'destroy' || action === 'remove')) {
    reading.parts('volume')
  }
}

async function readAll(requests: Requests, incarnations: Incarnations, signal: AbortSignal): Promise<void> {
  const listed = await requests.containers(managed, signal)
  await concurrently(listed, inspectsAtOnce, ({ Id }) => readContainer(Id, requests, incarnations, signal))
  incarnations.keepOnly(new Set(listed.map(({ Id }) => Id)))
  await readParts('network', requests, incarnations, signal)
  await readParts('volume', requests, incarnations, signal)
}

async function readContainer(
  id: string,
  requests: Requests,
  incarnations: Incarnations,
  signal: AbortSignal,
): Promise<void> {
  try {
    const live = await requests.container(id, signal)
    const seen = live && toSeen(live)
    if (seen) incarnations.put(seen)
    else incarnations.drop(id)
  } catch (error) {
    if (!hasCode(error, codes.conflict)) throw error
  }
}

async function readParts(
  kind: PartKind,
  requests: Requests,
  incarnations: Incarnations,
  signal: AbortSignal,
): Promise<void> {
  const found =
    kind === 'network'
      ? (await requests.networks(managed, signal)).map(({ Id, Name, Labels }) => ({
          labels: Labels,
          part: { subject: `network/${Name}`, mark: Id },
        }))
      : (await requests.volumes(managed, signal)).map(({ Name, CreatedAt = '', Labels }) => ({
          labels: Labels,
          part: { subject: `volume/${Name}`, mark: CreatedAt },
        }))
  const parts = found.flatMap(({ labels, part }) => {
    const identity = identityOf(labels ?? {})
    return identity ? [{ ...part, identity }] : []
  })
  incarnations.setParts(kind, parts)
}
