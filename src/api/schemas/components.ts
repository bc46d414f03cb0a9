// The schemas that the OpenAPI document names, each once.
import { type TSchema, Type } from 'typebox'
import { BatchEventData } from '../../jobs/batch-event.ts'
import { SystemEventData } from '../../jobs/event.ts'
import { Problem } from '../../problem.ts'
import { AcceptedBatch, Batch, BatchItem, BatchItemPage, BatchPage } from './batch.ts'
import { BatchPlan } from './batch-plan.ts'
import { CompileAnswer } from './compile.ts'
import { Doctor, StrayRemovalAnswer } from './doctor.ts'
import { Health, ReadyState } from './health.ts'
import { HttpProblem } from './http-problem.ts'
import { Job, JobPage } from './job.ts'
import { DeleteAnswer, OriginalError, StartAnswer, StatusAnswer } from './original.ts'
import { Preparation } from './preparation.ts'
import { System, SystemPage } from './system.ts'
import { AppliedManifests, SentCompose } from './system-sources.ts'
import { IssuedToken, Token, TokenPage } from './token.ts'
import {
  Delivery,
  DeliveryPage,
  NewWebhook,
  PingEventData,
  Webhook,
  WebhookPage,
  WebhookSecret,
} from './webhook.ts'

export const components = {
  Problem,
  HttpProblem,
  Job,
  JobPage,
  System,
  SystemPage,
  SentCompose,
  AppliedManifests,
  Batch,
  AcceptedBatch,
  BatchPage,
  BatchItem,
  BatchItemPage,
  BatchPlan,
  Preparation,
  CompileAnswer,
  Doctor,
  StrayRemovalAnswer,
  Token,
  TokenPage,
  IssuedToken,
  Webhook,
  WebhookPage,
  NewWebhook,
  WebhookSecret,
  Delivery,
  DeliveryPage,
  SystemEventData,
  BatchEventData,
  PingEventData,
  Health,
  ReadyState,
  StartAnswer,
  StatusAnswer,
  DeleteAnswer,
  OriginalError,
} satisfies Record<string, TSchema>

/** A reference to a named schema, typed as what it describes. */
export function ref<T>(name: keyof typeof components, description: string) {
  return Type.Unsafe<T>({ $ref: `${name}#`, description })
}
