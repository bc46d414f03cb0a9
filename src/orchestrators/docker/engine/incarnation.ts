// The objects of one incarnation joined into one observation. Pure.
import { createHash } from 'node:crypto'
import type { ServiceState } from '../../../system/readiness.ts'
import type { SystemIdentity } from '../../../system/spec.ts'
import type { Observation } from '../../orchestrator.ts'
import { serviceStanding } from './readiness.ts'
import type { SeenContainer } from './seen.ts'

/** A network or a volume. `mark`: differs as soon as it is another one. */
export type SeenPart = { subject: string; mark: string }

export type Told = { observation: Observation & { type: 'system' }; again: number | null }

/** `again`: when time alone may change it, in milliseconds since the epoch; null: never. */
export function toObservation(
  identity: SystemIdentity,
  containers: readonly SeenContainer[],
  parts: readonly SeenPart[],
  now: number,
): Told {
  const services: Record<string, ServiceState> = {}
  const times: number[] = []
  const byService = Map.groupBy(
    containers.filter(({ service }) => service !== undefined),
    ({ service }) => service ?? '',
  )
  for (const [name, copies] of [...byService].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const { state, again } = serviceStanding(copies, now)
    services[name] = state
    if (again !== null) times.push(again)
  }
  const own = containers.map(({ name, mark }) => ({ subject: `container/${name}`, mark }))
  const all = [...own, ...parts]
  return {
    observation: {
      type: 'system',
      identity,
      services,
      remaining: all.map(({ subject }) => subject).sort(),
      stamp: stampOf(all),
    },
    again: times.length > 0 ? Math.min(...times) : null,
  }
}

function stampOf(parts: readonly SeenPart[]): string {
  const marks = parts.map(({ subject, mark }) => `${subject}@${mark}`)
  return createHash('sha256').update(marks.sort().join()).digest('base64url').slice(0, 16)
}
