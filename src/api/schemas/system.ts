// A system as the API shows it.
import { type Static, Type } from 'typebox'
import { ServiceProgress } from '../../jobs/job.ts'
import { Difference } from '../../system/difference.ts'
import { Endpoint, Exposure } from '../../system/endpoint.ts'
import { Readiness, Reason } from '../../system/readiness.ts'
import { Phase } from '../../system/system.ts'
import { pageQuery } from './queries.ts'

export const SystemService = Type.Object({
  ...ServiceProgress.properties,
  dependsOn: Type.Array(Type.String()),
})
export type SystemService = Static<typeof SystemService>

export const System = Type.Object({
  name: Type.String(),
  sid: Type.String({ description: 'The incarnation: a new one per first start, 32 hex digits' }),
  tenant: Type.String(),
  phase: Phase,
  readiness: Readiness,
  reason: Type.Optional(Reason),
  differences: Type.Optional(
    Type.Array(Difference, { description: 'What somebody else has changed since it was applied' }),
  ),
  exposure: Exposure,
  endpoints: Type.Array(Endpoint),
  services: Type.Record(Type.String(), SystemService),
  labels: Type.Record(Type.String(), Type.String()),
  job: Type.Object({ id: Type.String(), href: Type.String() }, { description: 'The newest job on it' }),
  expiresAt: Type.Optional(Type.String({ description: 'When it is removed, if nobody says otherwise' })),
  createdAt: Type.String(),
  updatedAt: Type.String(),
})
export type System = Static<typeof System>

export const SystemPage = Type.Object({
  systems: Type.Array(System),
  nextPageToken: Type.Optional(Type.String({ description: 'Absent on the last page' })),
})
export type SystemPage = Static<typeof SystemPage>

export const SystemsQuery = Type.Object(
  {
    ...pageQuery,
    label: Type.Optional(
      Type.Array(Type.String(), {
        maxItems: 16,
        description: '`key` or `key=value`; all of several must hold',
      }),
    ),
    phase: Type.Optional(Phase),
    batch: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Id of the batch' })),
  },
  { additionalProperties: false },
)
export type SystemsQuery = Static<typeof SystemsQuery>
