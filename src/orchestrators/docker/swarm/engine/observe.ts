// One observation of all systems of a swarm. Its events say nothing of tasks, so that the lists are read again and again:
// a few requests, whatever the number of systems.
import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { ServiceState } from '../../../../system/readiness.ts'
import type { Observation } from '../../../orchestrator.ts'
import { createBackoff } from '../../../shared/backoff.ts'
import type { Logger } from '../../../shared/logger.ts'
import { keyOf } from '../../engine/incarnations.ts'
import { managed } from '../../engine/selectors.ts'
import { createTroubles } from '../../engine/troubles.ts'
import { LABEL } from '../../labels.ts'
import { type Finding, findInSwarm, type SwarmFound } from './find.ts'
import type { LiveTask } from './live.ts'
import { swarmStanding } from './tasks.ts'

const everyMs = 1_000
const backoffLimits = { firstMs: 500, longestMs: 10_000 }

type Told = Observation & { type: 'system' }

/**
 * Tells each incarnation whenever its state differs from what was told before, and `synced` once. One whose last object is
 * gone is told without services. Outlives a manager that is away; ends quietly when aborted.
 */
export async function* observeSwarm(
  { log, ...finding }: Finding & { log: Logger },
  signal: AbortSignal,
): AsyncGenerator<Observation> {
  const told = new Map<string, { told: Told; text: string }>()
  const health = createTroubles(log)
  const backoff = createBackoff(backoffLimits)
  let isSynced = false
  while (!signal.aborted) {
    let all: Told[]
    try {
      all = await readAll(finding, signal)
    } catch (error) {
      if (signal.aborted) return
      health(error)
      await backoff.pause(signal).catch(() => {})
      continue
    }
    health(undefined)
    backoff.reset()
    yield* changesOf(all, told)
    if (!isSynced) yield { type: 'synced' }
    isSynced = true
    await delay(everyMs, undefined, { signal }).catch(() => {})
  }
}

function* changesOf(all: readonly Told[], told: Map<string, { told: Told; text: string }>): Generator<Told> {
  const now = new Set(all.map(({ identity }) => keyOf(identity)))
  for (const observation of all) {
    const key = keyOf(observation.identity)
    const text = JSON.stringify(observation)
    if (told.get(key)?.text === text) continue
    told.set(key, { told: observation, text })
    yield observation
  }
  for (const [key, { told: last }] of told) {
    if (now.has(key)) continue
    told.delete(key)
    yield { ...last, services: {}, remaining: [], stamp: stampOf([]) }
  }
}

async function readAll(finding: Finding, signal: AbortSignal): Promise<Told[]> {
  const found = await findInSwarm(finding, managed, signal)
  const services = found.flatMap(({ service }) => service?.ID ?? [])
  const tasks = Map.groupBy(await finding.swarm.tasks(services, signal), ({ ServiceID }) => ServiceID)
  const groups = Map.groupBy(found, ({ identity }) => keyOf(identity))
  return [...groups.values()].flatMap((group) => toObservation(group, tasks) ?? [])
}

function toObservation(
  found: readonly SwarmFound[],
  tasks: ReadonlyMap<string, LiveTask[]>,
): Told | undefined {
  const [first] = found
  if (!first) return undefined
  const services: Record<string, ServiceState> = {}
  for (const { service, labels } of found) {
    const name = labels[LABEL.service]
    if (service && name !== undefined)
      services[name] = swarmStanding(service, tasks.get(service.ID) ?? [], Date.now())
  }
  // A task's container comes and goes with it.
  const own = found.filter(({ object, service }) => service || !object.subject.startsWith('container/'))
  const remaining = found.some(({ service }) => service) ? own : found
  return {
    type: 'system',
    identity: first.identity,
    services: Object.fromEntries(Object.entries(services).sort(([a], [b]) => (a < b ? -1 : 1))),
    remaining: remaining.map(({ object }) => object.subject).sort(),
    stamp: stampOf(own),
  }
}

/** What the manager itself notes of an update is not asked by anybody. */
function stampOf(found: readonly SwarmFound[]): string {
  const marks = found.map(
    ({ object, service }) => `${object.uid}@${service ? JSON.stringify(service.Spec) : ''}`,
  )
  return createHash('sha256').update(marks.sort().join()).digest('base64url').slice(0, 16)
}
