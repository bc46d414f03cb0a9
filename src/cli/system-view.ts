// Systems as lines of text. Pure.
import type { System } from '../client/shapes.ts'
import { ageOf } from './age.ts'
import { oneLine } from './one-line.ts'
import type { Paint, Style } from './paint.ts'
import { readinessStyles } from './progress-view.ts'
import { endpointLines } from './result.ts'
import { alignColumns } from './table.ts'

const phaseStyles = {
  starting: 'yellow',
  running: 'green',
  completed: 'green',
  degraded: 'red',
  updating: 'yellow',
  suspending: 'yellow',
  suspended: 'dim',
  stopping: 'yellow',
  stopped: 'dim',
  failed: 'red',
} as const satisfies Record<System['phase'], Style>

/** A row for each system. `now`: milliseconds since the epoch. */
export function systemTable(systems: readonly System[], now: number, paint: Paint): string[] {
  const head = ['NAME', 'PHASE', 'READY', 'AGE', 'URL'].map((title) => paint('dim', title))
  const rows = systems.map((system) => [
    system.name,
    paint(phaseStyles[system.phase], system.phase),
    readyCount(system),
    ageOf(system.createdAt, now),
    firstUrl(system),
  ])
  return alignColumns([head, ...rows])
}

/** One system with its services and where they are reached. */
export function systemLines(system: System, paint: Paint): string[] {
  const services = Object.entries(system.services).map(([name, { readiness, reason, dependsOn }]) => [
    name,
    paint(readinessStyles[readiness], readiness),
    oneLine(reason?.message ?? dependenciesOf(dependsOn)),
  ])
  const endpoints = endpointLines(system.endpoints)
  return [
    `${paint('bold', system.name)}  ${paint(phaseStyles[system.phase], system.phase)}  since ${system.createdAt}${until(system)}`,
    ...alignColumns(services).map((line) => `  ${line}`),
    ...(endpoints.length > 0 ? ['', ...endpoints.map((line) => `  ${line}`)] : []),
  ]
}

function until({ expiresAt }: System): string {
  return expiresAt === undefined ? '' : `, until ${expiresAt}`
}

function dependenciesOf(names: readonly string[]): string {
  return names.length > 0 ? `depends on ${names.join(', ')}` : ''
}

export function terseLine(system: System): string {
  return [system.name, system.phase, firstUrl(system)].join('\t')
}

function readyCount(system: System): string {
  const states = Object.values(system.services)
  return `${states.filter(({ readiness }) => readiness === 'ready').length}/${states.length}`
}

function firstUrl(system: System): string {
  return system.endpoints.find(({ url }) => url !== null)?.url ?? ''
}
