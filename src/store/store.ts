// The store: Redis as the record of systems and jobs.
import type { Redis } from 'ioredis'
import { type Batches, createBatches } from './batches.ts'
import { type Changes, createChanges } from './changes.ts'
import { createCommit } from './commit.ts'
import { type Contents, createContents } from './contents.ts'
import { type Counts, createReadCounts } from './counts.ts'
import { createDeliveries, type Deliveries } from './deliveries.ts'
import { createEvents, type Events } from './events.ts'
import { createHealth, type Health } from './health.ts'
import { createKeys } from './keys.ts'
import { createLeases, type Leases } from './leases.ts'
import { createLists, type Lists } from './lists.ts'
import { createOrchestratorRecord, type OrchestratorRecord } from './orchestrator-record.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { createPreparations, type Preparations } from './preparations.ts'
import { type CountRequest, createCountRequest } from './request-counts.ts'
import { createRequestKeys, type RequestKeys } from './request-keys.ts'
import { createReadReserved, type Reserved } from './reserved-amounts.ts'
import { createReadFull, type ReadFull } from './room.ts'
import { createSchedule, type Schedule } from './schedule.ts'
import { createFindStrays, type FindStrays } from './strays.ts'
import { createSurvey, type Survey } from './survey.ts'
import { createTokens, type Tokens } from './tokens.ts'
import { createWebhooks, type Webhooks } from './webhooks.ts'
import { createWorks, type Watching, type Works } from './works.ts'
import { createWriteTokens, type WriteTokens } from './write-tokens.ts'

export type Store = {
  works: Works
  batches: Batches
  lists: Lists
  events: Events
  contents: Contents
  requestKeys: RequestKeys
  schedule: Schedule
  leases: Leases
  writeTokens: WriteTokens
  health: Health
  orchestrator: OrchestratorRecord
  survey: Survey
  findStrays: FindStrays
  counts(): Promise<Counts>
  tokens: Tokens
  outbox: Outbox
  deliveries: Deliveries
  webhooks: Webhooks
  preparations: Preparations
  readFull: ReadFull
  /** What is accepted and not yet applied will take, by namespace. */
  readReserved(): Promise<Reserved>
  countRequest: CountRequest
  changes: Changes
  /** Rejects when Redis does not answer. */
  ping(): Promise<void>
}

export type StoreOptions = Watching & {
  /** Holds a hash tag, such as `{tycho}`. */
  prefix: string
  /** How long done jobs and ended systems are kept, in milliseconds. */
  retentionMs: number
}

/** `redis` for commands, `subscriber` for the channels; both stay their owner's to close. */
export async function createStore(redis: Redis, subscriber: Redis, options: StoreOptions): Promise<Store> {
  const keys = createKeys(options.prefix)
  const commit = createCommit(redis)
  const changes = await createChanges(subscriber, keys)
  return {
    works: createWorks(redis, keys, commit, options),
    batches: createBatches(redis, keys, commit, options.retentionMs),
    lists: createLists(redis, keys),
    events: createEvents(redis, keys),
    contents: createContents(redis, keys),
    requestKeys: createRequestKeys(redis, keys),
    schedule: createSchedule(redis, keys),
    leases: createLeases(redis, keys),
    writeTokens: createWriteTokens(redis, keys),
    health: createHealth(redis, keys),
    orchestrator: createOrchestratorRecord(redis, keys),
    survey: createSurvey(redis, keys),
    findStrays: createFindStrays(redis, keys),
    counts: createReadCounts(redis, keys),
    readFull: createReadFull(redis, keys),
    readReserved: createReadReserved(redis, keys),
    countRequest: createCountRequest(redis, keys),
    tokens: createTokens(redis, keys, { commit, changes }),
    outbox: createOutbox(redis, keys, options),
    deliveries: createDeliveries(redis, keys, commit, options),
    webhooks: createWebhooks(redis, keys, commit, options),
    preparations: createPreparations(redis, keys, commit, options),
    changes,
    async ping() {
      await redis.ping()
    },
  }
}
