import { keyPath } from '../path.ts'
import type { Reporter } from '../report.ts'
import type { CheckInput } from './check.ts'

/** What is reserved is within the limit. */
export function checkResources({ spec, reporter }: CheckInput): void {
  for (const [name, { resources }] of Object.entries(spec.services)) {
    const { limits, reservations } = resources
    if (isAbove(reservations.cpus, limits.cpus)) report(name, 'cpus', reporter)
    if (isAbove(reservations.memoryBytes, limits.memoryBytes)) report(name, 'memory', reporter)
  }
}

function report(name: string, key: string, reporter: Reporter): void {
  const path = `${keyPath('services', name)}.deploy.resources.reservations.${key}`
  const message = `\`${name}\` reserves more ${key} than its limit: lower the reservation, or raise the limit.`
  reporter.report({ code: 'RESERVATION_ABOVE_LIMIT', path, message })
}

/** A limit of 0 is none. */
function isAbove(reserved: number | null, limit: number | null): boolean {
  return reserved !== null && limit !== null && limit > 0 && reserved > limit
}
