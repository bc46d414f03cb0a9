// What the API is given, and what its routes share.
import type { FastifyBaseLogger } from 'fastify'
import type { Orchestrator } from '../orchestrators/orchestrator.ts'
import type { Store } from '../store/store.ts'
import type { Exposure } from '../system/endpoint.ts'
import type { Ids } from '../system/ids.ts'
import type { OrchestratorKind } from '../system/orchestrator-kind.ts'
import type { Tasks } from '../tasks/queues.ts'
import type { Metrics } from '../telemetry/metrics.ts'
import type { Tracing } from '../telemetry/tracing.ts'
import type { OidcSettings } from '../tenants/oidc.ts'
import type { Tenancy } from '../tenants/tenancy.ts'
import type { Guard } from '../webhooks/guard.ts'
import type { InOrder } from './in-order.ts'
import type { Readings } from './readings.ts'
import type { TakeTurn } from './turns.ts'

/** Times are milliseconds. */
export type ApiSettings = {
  /** Address that the server listens on; on loopback, calls without a token need a loopback `Host`. */
  host: string
  /** Tenant of calls without a token; null: they are answered 401. */
  anonymousTenant: string | null
  /** The operator's own token; null: there is none. */
  adminToken: string | null
  /** Whose JWTs are taken; null: nobody's. */
  oidc: OidcSettings | null
  /** For whom the tokens of the cluster's accounts must be meant; null: for the cluster itself. */
  accountAudience: string | null
  /** Origins of which pages may call from a browser. */
  corsOrigins: readonly string[]
  /** Addresses and networks whose word is taken for where a call comes from (`X-Forwarded-For`). */
  trustedProxies: readonly string[]
  /** How many jobs of everybody together may be pending; 0: as many as there are. */
  queueLimit: number
  /** Where the systems run of tenants that have no namespace of their own. */
  namespace: string
  exposure: Exposure
  timeoutMs: number
  maxAttempts: number
  retentionMs: number
  legacyWaitMs: number
  composeLimitBytes: number
  /** Of the files of a request together. */
  filesLimitBytes: number
  /** Of the body of a batch. */
  batchLimitBytes: number
  /** Members of a batch that are starting at once, where its request does not say. */
  batchConcurrency: number
  /** `limit`: endpoints of a tenant. `graceMs`: how long an old secret signs too. */
  webhooks: { limit: number; graceMs: number }
}

export type ApiDependencies = ApiSettings & {
  store: Store
  tasks: Pick<Tasks, 'enqueue' | 'positionOf' | 'removeStrays' | 'deliver' | 'prepareImages'>
  /** On which orchestrator this process reads, and for which it compiles. */
  runsOn: OrchestratorKind
  compile: Orchestrator['compile']
  objectNames: Orchestrator['objectNames']
  maskStages: Orchestrator['maskStages']
  needs: Orchestrator['needs']
  pullsOf: Orchestrator['pullsOf']
  /** What may be asked of the cluster without a task: readings only. */
  reading: Pick<
    Orchestrator,
    'facts' | 'dryRun' | 'list' | 'preparations' | 'reachability' | 'logs' | 'reviewToken' | 'capacity'
  >
  /** What the operator says of tenants. */
  tenancy: Tenancy
  checkExtension: Orchestrator['checkExtension']
  /** Where webhooks may go. */
  guard: Guard
  /** Between the comments that keep a stream of events alive; left out: 15 s. */
  heartbeatMs?: number
  /** In which the headers of a request, and all of it, must have come; left out: 20 s and 120 s. */
  receiving?: { headersMs: number; requestMs: number }
  metrics: Metrics
  tracing: Tracing
  log: FastifyBaseLogger
}

/** `closing` aborts when the server closes: whoever waits answers at once. */
export type ApiContext = ApiDependencies & {
  ids: Ids
  closing: AbortSignal
  readings: Readings
  takeTurn: TakeTurn
  /** Of the acceptance of batches: what one takes is not there for the next. */
  inOrder: InOrder
}
