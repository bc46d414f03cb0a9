// What a client keeps secret is shown nowhere but where the contract shows it: looked for in every GET and every stream
// of the OpenAPI document, in every refusal on the way, in the logs, in what webhooks are told, and in all that Redis holds.
import { Readable } from 'node:stream'
import { expect, inject, it } from 'vitest'
import type { Batch, BatchItemPage } from '../../src/api/schemas/batch.ts'
import type { NewWebhook, WebhookSecret } from '../../src/api/schemas/webhook.ts'
import type { Orchestrator } from '../../src/orchestrators/orchestrator.ts'
import { TychoError } from '../../src/problem.ts'
import { createGuard } from '../../src/webhooks/guard.ts'
import { createMemoryOrchestrator } from '../kit/orchestrator.ts'
import { type Receiver, startReceiver } from '../kit/receiver.ts'
import { waitFor } from '../kit/wait.ts'
import { openWorkerBench, type WorkerBench } from '../kit/workers.ts'
import { apply, endpoint, issue, send, start, type TestApi, testApi } from './kit.ts'
import {
  everythingRead,
  everythingStored,
  everythingStreamed,
  type Found,
  type Things,
} from './secret-places.ts'

/** Each stands in another place; none is a word of anything else. */
const canaries = {
  variable: 'Canary-variable-5eaf00d1',
  environment: 'Canary-environment-5eaf00d2',
  unused: 'Canary-unused-5eaf00d3',
  file: 'Canary-file-5eaf00d4',
  member: 'Canary-member-5eaf00d5',
  elsewhere: 'Canary-elsewhere-5eaf00d6',
}

const compose = `
services:
  web:
    image: demo/hello
    command: serve --auth $ONLY_PASSWORD
    labels: { who: "me:$ONLY_PASSWORD" }
    ports: ["80"]
    environment:
      DB_PASSWORD: \${PASSWORD_OF_DB}
      API_TOKEN: ${canaries.environment}
      CONNECTION: "user=me $ONLY_PASSWORD"
    secrets: [key, pem]
    configs: [connection]
secrets:
  key: { environment: PASSWORD_OF_DB }
  pem: { file: ./key.pem }
configs:
  connection: { content: "as $ONLY_PASSWORD" }
`

const sent = {
  compose,
  env: {
    PASSWORD_OF_DB: canaries.variable,
    UNUSED_SECRET: canaries.unused,
    ONLY_PASSWORD: canaries.elsewhere,
  },
  files: { 'key.pem': canaries.file },
}

const template = `
services:
  web:
    image: demo/hello
    ports: ["80"]
    command: learn $STUDENT_PASSWORD
    environment: { STUDENT_PASSWORD: "\${STUDENT_PASSWORD}", PASS_ON: "\${TYCHO_TOKEN}" }
`

/** What containers print, and what a cluster quotes: all that a system of `sent` was given. */
const { unused: _unused, member, ...given } = canaries
const talk = Object.values(given)

/**
 * Each service of which it applies can be reached, as on a cluster. The systems `crashing` and `refused` fail, and what
 * is said of it is full of secrets.
 */
function publishing(): Orchestrator {
  const orchestrator = createMemoryOrchestrator()
  orchestrator.words = { container: 'web', lines: talk }
  let refusals = 0
  const apply: Orchestrator['apply'] = async (input, signal) => {
    if (input.identity.name === 'refused') {
      refusals += 1
      const remedy = refusals === 1 ? 'retry' : 'giveUp'
      throw new TychoError('OBJECT_INVALID', `Deployment/web: ${talk.join(' ')}`, {
        remedy,
        details: { said: talk },
      })
    }
    const applied = { ...(await orchestrator.apply(input, signal)), endpoints: [endpoint] }
    const reason = { code: 'CRASH_LOOP', message: `The command can't be run: ${talk.join(' ')}` }
    if (input.identity.name === 'crashing')
      orchestrator.setState(input.identity.sid, 'web', {
        readiness: 'failed',
        started: false,
        completed: false,
        reason,
      })
    return applied
  }
  return { ...orchestrator, apply }
}

type Made = { things: Things; secrets: Record<string, string>; caller: { authorization: string } }

const post = <T>(api: TestApi, url: string, payload?: object) =>
  send<T>(api, { method: 'POST', url, ...(payload && { payload }) })

async function makeThings(api: TestApi, bench: WorkerBench, receiver: Receiver): Promise<Made> {
  const hook = await post<NewWebhook>(api, '/v1/webhooks', { url: `${receiver.url}/hook` })
  expect(hook.status).toBe(201)
  const tenant = await send<WebhookSecret>(api, { method: 'GET', url: '/v1/webhooks/secret' })
  bench.startWorker(publishing())
  const started = await Promise.all(
    ['done', 'crashing', 'refused'].map((name) =>
      start(api, { name, ...sent, callbackUrl: `${receiver.url}/callback` }),
    ),
  )
  const ends = await Promise.all(started.map(({ id }) => bench.jobDone(id)))
  expect(ends.map(({ status, error }) => [status, error?.code])).toEqual([
    ['succeeded', undefined],
    ['failed', 'CRASH_LOOP'],
    ['failed', 'OBJECT_INVALID'],
  ])
  expect(ends[1]?.error?.details.log).toEqual(talk.map((line) => '•'.repeat(line.length)))
  await apply(api, 'done')
  const items = [{ name: 'ada', env: { STUDENT_PASSWORD: canaries.member } }]
  const batch = await post<Batch>(api, '/v1/batches', { compose: template, items })
  expect(batch.status).toBe(202)
  await bench.jobDone(`${batch.body.id}-0`)
  await apply(api, 'ada')
  const prepared = await post<{ id: string }>(api, '/v1/batches/prepare?wait=30', { ...sent, count: 2 })
  expect(prepared).toMatchObject({ status: 202, body: { status: 'succeeded' } })
  expect((await post(api, `/v1/webhooks/${hook.body.id}/ping`)).status).toBeLessThan(300)
  const types = () => new Set(receiver.at('/hook').map(({ body }) => body.type))
  const told = ['system.started', 'system.failed', 'batch.completed', 'webhook.ping']
  await waitFor('all that the endpoint is told', () => told.every((type) => types().has(type)))
  await waitFor('all callbacks', () => receiver.at('/callback').length >= 3)
  const caller = await issue(api, { tenant: 'alice', scopes: ['admin'] })
  const page = await send<BatchItemPage>(api, { method: 'GET', url: `/v1/batches/${batch.body.id}/items` })
  const token = page.body.items[0]?.url?.split('token=')[1] ?? ''
  expect(token).toMatch(/^[0-9a-f]{32}$/)
  return {
    caller: caller.headers,
    secrets: {
      ...canaries,
      item: token,
      bearer: caller.token,
      endpoint: hook.body.secret,
      tenant: tenant.body.secret,
    },
    things: {
      '/v1/systems/': [{ name: 'done' }, { name: 'ada' }],
      '/v1/jobs/': [...started.map(({ id }) => ({ id })), { id: `${batch.body.id}-0` }],
      '/v1/batches/': [{ id: batch.body.id }],
      '/v1/preparations/': [{ id: prepared.body.id }],
      '/v1/webhooks/': [{ id: hook.body.id }],
      '/v1/tokens/': [{ id: caller.id }],
    },
  }
}

const instead = (of: string, text: string) => ({ ...sent, compose: compose.replace(of, text) })

/** Requests that no route takes, because of what holds a secret. */
const wrong = [
  instead('ports: ["80"]', 'depends_on: ["${PASSWORD_OF_DB}"]'),
  instead('ports: ["80"]', 'volumes: ["${PASSWORD_OF_DB}:/data"]'),
  instead('ports: ["80"]', 'env_file: "${PASSWORD_OF_DB}"'),
  instead('ports: ["80"]', 'networks: ["${PASSWORD_OF_DB}"]'),
  instead('ports: ["80"]', 'extends: { service: "${PASSWORD_OF_DB}" }'),
  instead('ports: ["80"]', 'ports: ["${PASSWORD_OF_DB}"]'),
  instead('image: demo/hello', 'image: "${PASSWORD_OF_DB} x"'),
  instead('secrets: [key, pem]', 'mem_limit: ${PASSWORD_OF_DB}'),
  // Seen by what makes the manifests.
  instead('content: "as $ONLY_PASSWORD"', 'external: true, name: $ONLY_PASSWORD'),
  instead('content: "as $ONLY_PASSWORD"', 'file: $ONLY_PASSWORD'),
]

async function everythingRefused(api: TestApi): Promise<Found[]> {
  const found: Found[] = []
  const refuse = async (what: string, url: string, payload: object) => {
    const { status, body } = await post(api, url, payload)
    expect([what, url, Math.floor(status / 100)]).toEqual([what, url, 4])
    found.push([`refusal of ${what} by ${url}`, JSON.stringify(body)])
  }
  for (const [index, payload] of wrong.entries()) {
    await refuse(`${index}`, '/v1/systems', payload)
    await refuse(`${index}`, '/v1/compile', payload)
    await refuse(`${index}`, '/v1/batches', { ...payload, count: 2 })
  }
  await refuse('a name that is taken', '/v1/systems', { ...sent, name: 'done' })
  return found
}

it('no secret is shown or kept but where the contract says', async () => {
  await using bench = await openWorkerBench()
  await using receiver = await startReceiver()
  const redis = { url: inject('redisUrl'), prefix: bench.prefix }
  const logs: Orchestrator['logs'] = async ({ name }) =>
    Readable.from((name === 'ada' ? [member] : talk).map((text) => ({ service: 'web', copy: 'a', text })))
  const { enqueue, deliver, prepareImages } = bench.tasks
  const guard = createGuard({ allow: ['127.0.0.0/8'], httpsOnly: false })
  await using api = await testApi({
    redis,
    tasks: { enqueue, deliver, prepareImages },
    reading: { logs },
    guard,
  })
  const { things, secrets, caller } = await makeThings(api, bench, receiver)
  const refused = await everythingRefused(api)
  const read = await everythingRead(api, things, caller)
  const streamed = await everythingStreamed(api, things, caller, {
    '/v1/systems/{name}/events': 'event: system',
    '/v1/events': 'event: batch.completed',
  })
  const stored = await everythingStored(api)
  for (const kind of ['tasks', 'events', 'outbox', 'job', 'system', 'content', 'delivery', 'preparation'])
    expect(
      stored.some(([where]) => where === `Redis: ${kind}`),
      kind,
    ).toBe(true)
  const others: Found[] = [
    ['the log', JSON.stringify(api.lines)],
    ["the workers' log", bench.lines.join('')],
    ['what webhooks were told', JSON.stringify(receiver.received)],
  ]
  const found = [...read, ...streamed, ...refused, ...stored, ...others].flatMap(([where, text]) =>
    Object.entries(secrets).flatMap(([what, value]) => (text.includes(value) ? `${what}: ${where}` : [])),
  )
  expect(new Set(found)).toEqual(new Set(shown()))
})

/** All that is told or kept by design. */
function shown(): string[] {
  const items = '/v1/batches/{id}/items'
  const inEveryForm = (path: string) =>
    ['application/json', 'application/yaml', 'text/csv'].map((accept) => `GET ${path} as ${accept}`)
  const places: Record<string, string[]> = {
    // The token of an item is handed out with its address; it is worked out of the batch's seed.
    item: [...inEveryForm(items), 'GET /v1/batches/{id}/events', 'Redis: content'],
    // What signs is shown to who has to verify: that of an endpoint once, that of callbacks whenever it is asked for.
    tenant: [...inEveryForm('/v1/webhooks/secret'), 'Redis: webhook-secrets'],
    endpoint: ['Redis: webhooks'],
    // What is to run is kept for the workers: specs, manifests, and the variables of a batch's items.
    variable: ['Redis: content'],
    environment: ['Redis: content'],
    file: ['Redis: content'],
    elsewhere: ['Redis: content'],
    member: ['Redis: content', 'Redis: batch items'],
  }
  return Object.entries(places).flatMap(([what, all]) => all.map((where) => `${what}: ${where}`))
}
