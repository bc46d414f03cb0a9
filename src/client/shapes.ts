// What goes over the wire: the API's own schemas, as types.

export type {
  AcceptedBatch,
  Batch,
  BatchItem,
  BatchItemPage,
  BatchPage,
  BatchRequest,
} from '../api/schemas/batch.ts'
export type { BatchPlan } from '../api/schemas/batch-plan.ts'
export type { Doctor, Stray } from '../api/schemas/doctor.ts'
export type { ReadyState } from '../api/schemas/health.ts'
export type { Job, JobPage, JobsQuery } from '../api/schemas/job.ts'
export type { LogsQuery } from '../api/schemas/logs.ts'
export type { Preparation } from '../api/schemas/preparation.ts'
export type { System, SystemPage } from '../api/schemas/system.ts'
export type { SystemRequest } from '../api/schemas/system-request.ts'
export type { IssuedToken, Token, TokenPage, TokenRequest } from '../api/schemas/token.ts'
export type {
  Delivery,
  DeliveryPage,
  NewWebhook,
  Webhook,
  WebhookPage,
  WebhookRequest,
  WebhookSecret,
} from '../api/schemas/webhook.ts'
