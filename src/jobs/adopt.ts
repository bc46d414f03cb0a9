// The record of a system that was found running, and that no record told of. Pure.
import type { LiveSystem } from '../system/live.ts'
import type { SystemRecord } from '../system/system.ts'

/**
 * What the objects tell is in it; how its services stand is for the observer to see. The spec is not known any more:
 * the next PUT brings it, and until then the system can be shown and stopped.
 */
export function adoptSystem(found: LiveSystem, now: number): SystemRecord {
  const reason = { code: 'NOT_SEEN', message: 'not seen yet' }
  return {
    ...found.identity,
    phase: 'degraded',
    hasRun: true,
    lastGood: null,
    revision: now,
    job: found.job ?? '',
    spec: '',
    source: null,
    applied: null,
    stamp: null,
    differences: [],
    exposure: found.exposure,
    labels: {},
    principal: null,
    lifetime: null,
    batch: null,
    endpoints: found.endpoints,
    services: Object.fromEntries(
      found.services.map((name) => [name, { readiness: 'pending' as const, reason, dependsOn: [] }]),
    ),
    suspended: found.suspended,
    restartedAt: null,
    objectNames: [...new Set(found.objects.map(({ name }) => name))],
    createdAt: found.createdAt,
    updatedAt: now,
  }
}
