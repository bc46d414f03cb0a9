// What is answered: by the component that a schema names, else by the operation or the media type.
import { batch, item, itemsTable, plan, preparation } from './batch.ts'
import { doctor, metrics, strays, token } from './operation.ts'
import { deleted, listed, started } from './original.ts'
import { envelopeExample, problemExample } from './refusals.ts'
import { streams } from './streams.ts'
import { composeText, job, manifests, manifestsText, queuedJob, shownSystem } from './system.ts'
import { delivery, secret, webhook } from './webhook.ts'

const byComponent: Readonly<Record<string, unknown>> = {
  Health: { status: 'ok' },
  ReadyState: {
    status: 'ready',
    redis: 'reachable',
    workers: 2,
    orchestrator: 'kubernetes',
    cluster: 'reachable',
  },
  Job: job,
  JobPage: { jobs: [job] },
  System: shownSystem,
  SystemPage: { systems: [shownSystem] },
  SentCompose: { compose: composeText, env: { GREETING: 'Hello' }, files: {} },
  AppliedManifests: { manifests },
  CompileAnswer: { manifests, problems: [] },
  Batch: batch,
  AcceptedBatch: batch,
  BatchPage: { batches: [batch] },
  BatchItemPage: { items: [item] },
  BatchPlan: plan,
  Preparation: preparation,
  Doctor: doctor,
  StrayRemovalAnswer: { strays },
  Token: token,
  TokenPage: { tokens: [token] },
  IssuedToken: { ...token, token: `tycho_${token.id}_${'x'.repeat(43)}` },
  Webhook: webhook,
  WebhookPage: { webhooks: [webhook] },
  NewWebhook: { ...webhook, secret },
  WebhookSecret: { secret },
  Delivery: delivery,
  DeliveryPage: { deliveries: [delivery] },
  StartAnswer: started,
  StatusAnswer: listed,
  DeleteAnswer: deleted,
}

const texts: Readonly<Record<string, string>> = {
  'GET /metrics': metrics,
  'GET /v1/systems/{name}/logs': 'web listens on port 80\n',
}

/** Such as `POST /v1/systems`, `202`, `application/json`. Undefined where there is nothing to be shown. */
export function answerExample(
  operation: string,
  status: string,
  mediaType: string,
  schema: unknown,
): unknown {
  switch (mediaType) {
    case 'application/problem+json':
      return problemExample(operation, schema)
    case 'text/event-stream':
      return streams[operation]
    case 'text/csv':
      return itemsTable
    case 'application/yaml':
      return manifestsText
    case 'text/plain':
      return texts[operation]
    default: {
      const component = /#\/components\/schemas\/(\w+)/.exec(JSON.stringify(schema))?.[1] ?? ''
      if (component === 'OriginalError') return envelopeExample(operation, status, schema)
      return component === 'Job' && status === '202' ? queuedJob : byComponent[component]
    }
  }
}
