// What is answered: by the component that a schema names, else by the operation or the media type.
import { errorCodes } from '../../error-codes.ts'
import { batch, item, itemsTable } from './batch.ts'
import { doctor, metrics, strays, token } from './operation.ts'
import { deleted, listed, refused, started } from './original.ts'
import { composeText, job, manifests, manifestsText, queuedJob, shownSystem } from './system.ts'
import { delivery, secret, webhook } from './webhook.ts'

const byComponent: Readonly<Record<string, unknown>> = {
  Health: { status: 'ok' },
  ReadyState: { status: 'ready', redis: 'reachable', workers: 2, cluster: 'reachable' },
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
  OriginalError: refused,
}

const messageOf = (event: string, id: string, data: unknown) =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`

const streams: Readonly<Record<string, string>> = {
  'GET /v1/jobs/{id}/events': messageOf('done', `${job.revision}`, job),
  'GET /v1/systems/{name}/events': messageOf('system', '1795833999310', shownSystem),
  'GET /v1/batches/{id}/events': messageOf('batch', `${batch.revision}`, batch),
  'GET /v1/events': messageOf('ready', '1795833999310-0', {}),
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
      return problemExample(schema, operation)
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
      return component === 'Job' && status === '202' ? queuedJob : byComponent[component]
    }
  }
}

/** With the first of the codes that the route can answer. */
function problemExample(schema: unknown, operation: string): unknown {
  const [, list] = /"code":\{"enum":(\[[^\]]*\])/.exec(JSON.stringify(schema)) ?? []
  const [code] = list ? (JSON.parse(list) as (keyof typeof errorCodes)[]) : []
  if (!code) return undefined
  const { status, about } = errorCodes[code]
  return {
    type: `urn:tycho:error:${code}`,
    title: about,
    status,
    detail: about,
    instance: operation.replace(/^\S+ /, ''),
    code,
    requestId: '849b0c22-e5d2-4082-9fcf-6a0e5bf0801a',
    problems: [],
  }
}
