// Records to begin a test with: one system of one or two services, and its first job.
import { randomUUID } from 'node:crypto'
import { ulid } from 'ulid'
import { acceptStart, type StartRequest, type Work } from '../../src/jobs/accept.ts'
import type { StageOutline } from '../../src/jobs/job.ts'
import { PLAIN_ORIGIN } from '../../src/jobs/origin.ts'
import { applied, begin, compiled } from '../../src/jobs/work.ts'
import { emptyService, emptySystem } from '../../src/system/empty.ts'
import type { ServiceSpec, SystemSpec } from '../../src/system/spec.ts'

/** A service that only has an image; `more` overrides. */
export function serviceSpec(more: Partial<ServiceSpec> = {}): ServiceSpec {
  return { ...emptyService('demo/hello'), ...more }
}

export function systemSpec(services: Record<string, Partial<ServiceSpec>>): SystemSpec {
  const full = Object.entries(services).map(([name, more]) => [name, serviceSpec(more)] as const)
  return { ...emptySystem(), services: Object.fromEntries(full) }
}

export function startRequest(more: Partial<StartRequest> = {}): StartRequest {
  return {
    job: ulid().toLowerCase(),
    identity: { tenant: 'alice', namespace: 'default', name: 'hello', sid: randomUUID().replaceAll('-', '') },
    spec: systemSpec({ web: {} }),
    specKey: 'spec',
    source: null,
    exposure: 'nodePort',
    objectNames: ['hello-web'],
    problems: [],
    labels: {},
    principal: null,
    lifetime: null,
    timeoutMs: 60_000,
    maxAttempts: 3,
    keepOnFailure: false,
    rollback: false,
    origin: PLAIN_ORIGIN,
    ...more,
  }
}

/** Times of the records below, in milliseconds since the epoch. */
export const t0 = Date.parse('2026-01-01T00:00:00Z')

export const oneStage: StageOutline[] = [{ services: ['web'], requires: [] }]

/** A job that waits for its first stage. */
export function waitingWork(more: Partial<StartRequest> = {}, stages: StageOutline[] = oneStage): Work {
  const accepted = acceptStart(startRequest(more), t0)
  const compiling = must(begin(accepted, must(accepted.job.task), 1, t0 + 10))
  const applying = compiled(compiling, { stages, manifests: 'manifests', problems: [] }, t0 + 20)
  const deploying = must(begin(applying, must(applying.job.task), 1, t0 + 30))
  return applied(
    deploying,
    {
      changes: [{ subject: 'Deployment/web', action: 'created' }],
      endpoints: [],
      versions: {},
      memo: {},
    },
    t0 + 40,
  )
}

export function must<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error('expected a value')
  return value
}
