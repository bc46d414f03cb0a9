// A batch: what it is asked with, and how it and its members are shown.
import { type Static, Type } from 'typebox'
import { MAX_MEMBERS } from '../../jobs/batch.ts'
import { BatchCounts } from '../../jobs/batch-event.ts'
import { JobError, JobStatus } from '../../jobs/job.ts'
import { Problem } from '../../problem.ts'
import { Endpoint, Exposure } from '../../system/endpoint.ts'
import { Phase } from '../../system/system.ts'
import { pageQuery, waitQuery } from './queries.ts'
import { BoundUse } from './shortage.ts'
import { callback, plainSettings, SystemName, SystemRequest } from './system-request.ts'

/** What is wrong with one item is told by its index, not by the schema: it need not refuse the others. */
const RequestItem = Type.Object(
  {
    name: Type.Optional(
      Type.String({ maxLength: 253, description: "The system's name; else `<name of the batch>-<index>`" }),
    ),
    env: Type.Optional(
      Type.Record(Type.String(), Type.String(), { description: 'Come before the variables of the batch' }),
    ),
    labels: Type.Optional(Type.Record(Type.String(), Type.String(), { maxProperties: 64 })),
    clientId: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'By which the client finds the item again' }),
    ),
  },
  { additionalProperties: false },
)

const { rollback: _rollback, priority: _priority, ...memberSettings } = plainSettings
const { compose, env, files, profiles, labels, services } = SystemRequest.properties

export const BatchRequest = Type.Object(
  {
    name: Type.Optional(SystemName),
    compose: Type.Unsafe<NonNullable<SystemRequest['compose']>>({
      ...compose,
      description:
        'The template: a Compose file as for a system. `${TYCHO_INDEX}`, `${TYCHO_NAME}` and `${TYCHO_TOKEN}` (random, secret) are always there',
    }),
    env,
    files,
    profiles,
    labels,
    services,
    ...memberSettings,
    count: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MAX_MEMBERS, description: 'So many equal items; or `items`' }),
    ),
    items: Type.Optional(Type.Array(RequestItem, { minItems: 1, maxItems: MAX_MEMBERS })),
    concurrency: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MAX_MEMBERS, description: 'Members that are starting at once' }),
    ),
    onInvalid: Type.Optional(
      Type.Unsafe<'refuse' | 'skip'>({
        type: 'string',
        enum: ['refuse', 'skip'],
        default: 'refuse',
        description: 'What a bad item refuses: the whole batch, or itself alone',
      }),
    ),
    ...callback,
  },
  { additionalProperties: false },
)
export type BatchRequest = Static<typeof BatchRequest>
export type RequestItem = Static<typeof RequestItem>

export const Share = Type.Object({
  namespace: Type.String(),
  members: Type.Integer(),
  bounds: Type.Array(BoundUse, { description: 'How much there was of what they need, when it was accepted' }),
})
export type Share = Static<typeof Share>

export const Batch = Type.Object({
  id: Type.String(),
  href: Type.String(),
  name: Type.String(),
  tenant: Type.String(),
  status: JobStatus,
  done: Type.Boolean(),
  revision: Type.Integer(),
  counts: BatchCounts,
  skipped: Type.Integer({ description: 'Items of the request that were left out because they are bad' }),
  round: Type.Integer({ description: 'Counts the ends: a retry begins another round' }),
  concurrency: Type.Integer(),
  exposure: Exposure,
  spread: Type.Array(Share, { description: 'Where its systems run' }),
  problems: Type.Array(Problem, { description: 'What was to be said when it was accepted' }),
  progress: Type.Object({ percent: Type.Integer(), message: Type.String() }),
  startedPerSecond: Type.Number({ description: 'From the acceptance to the last start' }),
  removal: Type.Optional(
    Type.Object(
      { remaining: Type.Integer() },
      { description: 'Its systems are being stopped; so many are still to be' },
    ),
  ),
  createdAt: Type.String(),
  finishedAt: Type.Optional(Type.String()),
})
export type Batch = Static<typeof Batch>

const SkippedItem = Type.Object({
  index: Type.Integer(),
  name: Type.Optional(Type.String()),
  clientId: Type.Optional(Type.String()),
  problems: Type.Array(Problem),
})
export type SkippedItem = Static<typeof SkippedItem>

export const AcceptedBatch = Type.Object({
  ...Batch.properties,
  skippedItems: Type.Optional(Type.Array(SkippedItem)),
})
export type AcceptedBatch = Static<typeof AcceptedBatch>

export const BatchPage = Type.Object({
  batches: Type.Array(Batch),
  nextPageToken: Type.Optional(Type.String({ description: 'Absent on the last page' })),
})
export type BatchPage = Static<typeof BatchPage>

export const BatchItem = Type.Object({
  index: Type.Integer({ description: 'Its place in the request, from 0' }),
  name: Type.String(),
  clientId: Type.Optional(Type.String()),
  status: JobStatus,
  system: Type.Object({
    name: Type.String(),
    href: Type.String(),
    sid: Type.Optional(Type.String()),
    phase: Type.Optional(Phase),
  }),
  job: Type.Object({ id: Type.String(), href: Type.String() }, { description: 'The newest that starts it' }),
  endpoints: Type.Array(Endpoint),
  url: Type.Optional(
    Type.String({ description: 'Of its first endpoint, with its token where the template uses that' }),
  ),
  error: Type.Optional(JobError),
})
export type BatchItem = Static<typeof BatchItem>

export const BatchItemPage = Type.Object({
  items: Type.Array(BatchItem),
  nextPageToken: Type.Optional(Type.String({ description: 'Absent on the last page' })),
})
export type BatchItemPage = Static<typeof BatchItemPage>

export const BatchParams = Type.Object({ id: Type.String({ maxLength: 100 }) })

export const BatchQuery = Type.Object(waitQuery, { additionalProperties: false })

export const BatchesQuery = Type.Object(pageQuery, { additionalProperties: false })

export const BatchItemsQuery = Type.Object(
  {
    ...pageQuery,
    status: Type.Optional(JobStatus),
    clientId: Type.Optional(Type.String({ maxLength: 200, description: 'The item of this client id' })),
  },
  { additionalProperties: false },
)
export type BatchItemsQuery = Static<typeof BatchItemsQuery>

export const BatchStopQuery = Type.Object(
  {
    ...waitQuery,
    volumes: Type.Optional(Type.Boolean({ description: 'Delete named volumes too' })),
  },
  { additionalProperties: false },
)
