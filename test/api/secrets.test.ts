// What a client keeps secret is shown nowhere but where the contract shows it: looked for in every GET of the OpenAPI
// document, in every refusal on the way, in the log, and in what Redis holds of tasks and events.
import { expect, inject, it } from 'vitest'
import type { Batch, BatchItemPage } from '../../src/api/schemas/batch.ts'
import type { Document } from '../kit/contract/document.ts'
import { createMemoryOrchestrator, type MemoryOrchestrator } from '../kit/orchestrator.ts'
import { openWorkerBench, type WorkerBench } from '../kit/workers.ts'
import { apply, endpoint, fail, issue, send, start, type TestApi, testApi } from './kit.ts'

/** Each stands in another place; none is a word of anything else. */
const canaries = {
  variable: 'Canary-variable-5eaf00d1',
  environment: 'Canary-environment-5eaf00d2',
  secret: 'Canary-secret-5eaf00d3',
  file: 'Canary-file-5eaf00d4',
  member: 'Canary-member-5eaf00d5',
}

const compose = `
services:
  web:
    image: demo/hello
    ports: ["80"]
    environment:
      DB_PASSWORD: \${PASSWORD_OF_DB}
      API_TOKEN: ${canaries.environment}
    secrets: [key, pem]
secrets:
  key: { environment: PASSWORD_OF_DB }
  pem: { file: ./key.pem }
`

const sent = {
  compose,
  env: { PASSWORD_OF_DB: canaries.variable, UNUSED_SECRET: canaries.secret },
  files: { 'key.pem': canaries.file },
}

const template = `
services:
  web:
    image: demo/hello
    ports: ["80"]
    environment: { STUDENT_PASSWORD: "\${STUDENT_PASSWORD}", PASS_ON: "\${TYCHO_TOKEN}" }
`

type Made = { names: Record<string, Record<string, string>>; itemToken: string }

/** Each service of which it applies can be reached, as on a cluster. */
function publishing(): MemoryOrchestrator {
  const orchestrator = createMemoryOrchestrator()
  const apply = async (...input: Parameters<typeof orchestrator.apply>) => ({
    ...(await orchestrator.apply(...input)),
    endpoints: [endpoint],
  })
  return { ...orchestrator, apply }
}

async function makeThings(api: TestApi, bench: WorkerBench): Promise<Made> {
  const broken = await start(api, { name: 'broken', ...sent })
  await fail(api, broken.id, 'CRASH_LOOP', 'exits again and again')
  bench.startWorker(publishing())
  await bench.jobDone((await start(api, { name: 'done', ...sent })).id)
  await apply(api, 'done')
  const payload = {
    compose: template,
    items: [{ name: 'ada', env: { STUDENT_PASSWORD: canaries.member } }],
  }
  const batch = await send<Batch>(api, { method: 'POST', url: '/v1/batches', payload })
  expect(batch.status).toBe(202)
  await bench.jobDone(`${batch.body.id}-0`)
  const url = 'https://example.org/hook'
  const hook = await send<{ id: string }>(api, { method: 'POST', url: '/v1/webhooks', payload: { url } })
  await send(api, { method: 'POST', url: `/v1/webhooks/${hook.body.id}/ping` })
  const token = await issue(api, { tenant: 'alice' })
  const page = await send<BatchItemPage>(api, { method: 'GET', url: `/v1/batches/${batch.body.id}/items` })
  return {
    names: {
      '/v1/systems/': { name: 'done' },
      '/v1/jobs/': { id: broken.id },
      '/v1/batches/': { id: batch.body.id },
      '/v1/webhooks/': { id: hook.body.id },
      '/v1/tokens/': { id: token.id },
    },
    itemToken: page.body.items[0]?.url?.split('token=')[1] ?? '',
  }
}

const instead = (of: string, text: string) => ({ ...sent, compose: compose.replace(of, text) })

/** Requests that are refused because of what holds a secret. */
const wrong = [
  instead('ports: ["80"]', 'depends_on: ["${PASSWORD_OF_DB}"]'),
  instead('ports: ["80"]', 'volumes: ["${PASSWORD_OF_DB}:/data"]'),
  instead('ports: ["80"]', 'env_file: "${PASSWORD_OF_DB}"'),
  instead('ports: ["80"]', 'networks: ["${PASSWORD_OF_DB}"]'),
  instead('ports: ["80"]', 'extends: { service: "${PASSWORD_OF_DB}" }'),
  { ...sent, compose: compose.replace('ports: ["80"]', 'ports: ["${PASSWORD_OF_DB}"]') },
  { ...sent, compose: compose.replace('image: demo/hello', 'image: "${PASSWORD_OF_DB} x"') },
  { ...sent, compose: compose.replace('secrets: [key, pem]', 'mem_limit: ${PASSWORD_OF_DB}') },
  { ...sent, name: 'done' },
]

/** Texts of everything that can be read, each with where it stands. */
async function everythingRead(api: TestApi, { names }: Made): Promise<[string, string][]> {
  const { paths } = (await send<Document>(api, { method: 'GET', url: '/openapi.json' })).body
  const { headers } = await issue(api, { tenant: 'alice', scopes: ['admin'] })
  const texts: [string, string][] = []
  for (const path of Object.keys(paths).filter((path) => paths[path]?.get && !path.endsWith('/events'))) {
    const [, known = {}] = Object.entries(names).find(([beginning]) => path.startsWith(beginning)) ?? []
    const url = path.replaceAll(/\{(\w+)\}/g, (_, name) => known[name] ?? name)
    for (const accept of ['application/json', 'application/yaml', 'text/csv']) {
      const answer = await api.app.inject({ method: 'GET', url, headers: { ...headers, accept } })
      texts.push([`GET ${path} as ${accept}`, answer.body])
    }
  }
  return texts
}

/** What the queues and the streams of events hold. */
async function everythingQueued({ redis, prefix }: TestApi): Promise<[string, string][]> {
  const keys = [...(await redis.keys(`${prefix}:tasks:*`)), ...(await redis.keys(`${prefix}:events:*`))]
  return Promise.all(
    keys.map(async (key): Promise<[string, string]> => {
      const type = await redis.type(key)
      if (type === 'hash') return [key, JSON.stringify(await redis.hgetall(key))]
      return [key, type === 'stream' ? JSON.stringify(await redis.xrange(key, '-', '+')) : '']
    }),
  )
}

it('no secret is shown but the token of an item, where it is handed out', async () => {
  await using bench = await openWorkerBench()
  const redis = { url: inject('redisUrl'), prefix: bench.prefix }
  await using api = await testApi({ redis, tasks: { enqueue: bench.tasks.enqueue } })
  const made = await makeThings(api, bench)
  expect(made.itemToken).toMatch(/^[0-9a-f]{32}$/)
  const refused: [string, string][] = []
  for (const [index, payload] of wrong.entries()) {
    const { status, body } = await send(api, { method: 'POST', url: '/v1/systems', payload })
    expect(status).toBeGreaterThanOrEqual(400)
    refused.push([`refusal ${index}`, JSON.stringify(body)])
  }
  const read = await everythingRead(api, made)
  const queued = await everythingQueued(api)
  expect(queued.some(([key]) => key.includes(':tasks:'))).toBe(true)
  expect(queued.some(([key]) => key.includes(':events:'))).toBe(true)
  const log: [string, string][] = [
    ['the log', JSON.stringify(api.lines)],
    ["the workers' log", bench.lines.join('')],
  ]
  const found = [...read, ...refused, ...queued, ...log].flatMap(([where, text]) =>
    Object.entries({ ...canaries, item: made.itemToken }).flatMap(([what, value]) =>
      text.includes(value) ? `${what}: ${where}` : [],
    ),
  )
  const items = 'GET /v1/batches/{id}/items as'
  expect(found).toEqual([
    `item: ${items} application/json`,
    `item: ${items} application/yaml`,
    `item: ${items} text/csv`,
  ])
})
