import type { ComposeLimits } from '../limits.ts'
import type { Meter } from '../meter.ts'
import type { Reporter } from '../report.ts'
import type { Place } from './canonical-row.ts'

/** Counts ports that a range stands for; false, and reported, when all services together have too many. */
export function chargePorts(
  count: number,
  place: Place,
  { meter, limits, reporter }: { meter: Meter; limits: ComposeLimits; reporter: Reporter },
): boolean {
  const hadRoom = meter.ports <= limits.allPorts
  meter.ports += count
  if (meter.ports <= limits.allPorts) return true
  const message = `The services have more than ${limits.allPorts} ports together: give smaller ranges.`
  if (hadRoom) reporter.report({ code: 'TOO_MANY_PORTS', path: place.path, message })
  return false
}
