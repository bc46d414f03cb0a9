// Batches from the request to their end: the API and workers on one Redis.
import { parse } from 'csv-parse/sync'
import { describe, expect, inject, it } from 'vitest'
import type { Batch, BatchItemPage } from '../../src/api/schemas/batch.ts'
import type { Job } from '../../src/api/schemas/job.ts'
import type { SystemPage } from '../../src/api/schemas/system.ts'
import { createMemoryOrchestrator, type MemoryOrchestrator } from '../kit/orchestrator.ts'
import { waitFor } from '../kit/wait.ts'
import { must } from '../kit/work.ts'
import { openWorkerBench, type WorkerBench } from '../kit/workers.ts'
import { send, type TestApi, testApi } from './kit.ts'
import { follow } from './stream-client.ts'

const pending = {
  readiness: 'pending' as const,
  started: false,
  completed: false,
  reason: { code: 'PULLING', message: 'pulling' },
}
const ready = { readiness: 'ready' as const, started: true, completed: false }
const broken = {
  ...pending,
  readiness: 'failed' as const,
  reason: { code: 'CRASH_LOOP', message: 'it ends' },
}

const template = `services:
  web:
    image: demo/hello
    environment: { PASS_ON: "\${TYCHO_TOKEN}", STUDENT: "\${STUDENT:-nobody}" }
    ports: ["80"]
`

type Life = AsyncDisposable & { api: TestApi; bench: WorkerBench }

async function live(): Promise<Life> {
  const stack = new AsyncDisposableStack()
  const bench = stack.use(await openWorkerBench())
  const redis = { url: inject('redisUrl'), prefix: bench.prefix }
  const api = stack.use(await testApi({ redis, tasks: { enqueue: bench.tasks.enqueue } }))
  return { api, bench, [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

async function submit(api: TestApi, payload: object): Promise<Batch> {
  const { status, body } = await send<Batch>(api, {
    method: 'POST',
    url: '/v1/batches',
    payload: { name: 'class', compose: template, ...payload },
  })
  if (status !== 202) throw new Error(JSON.stringify(body))
  return body
}

const ask = (api: TestApi, method: 'GET' | 'POST' | 'DELETE', url: string) =>
  send<Batch>(api, { method, url })

const whenDone = async (api: TestApi, id: string) =>
  waitFor('the end of the batch', async () => {
    const { body } = await ask(api, 'GET', `/v1/batches/${id}?wait=20`)
    return body.done && body.finishedAt !== undefined ? body : undefined
  })

const itemsOf = async (api: TestApi, id: string) =>
  (await send<BatchItemPage>(api, { method: 'GET', url: `/v1/batches/${id}/items` })).body.items

/** Says how the pods of each system come up, as soon as it is applied. */
function letAll(orchestrator: MemoryOrchestrator, stateOf: (name: string) => typeof ready | typeof broken) {
  for (const { identity } of [...orchestrator.running.values()]) {
    orchestrator.setState(identity.sid, 'web', stateOf(identity.name))
  }
}

describe('a batch', () => {
  it('ends with a list of its members, their tokens in the URLs and nowhere else', async () => {
    await using life = await live()
    const { api, bench } = life
    const orchestrator = createMemoryOrchestrator()
    const apply = orchestrator.apply
    orchestrator.apply = async (input, signal) => ({
      ...(await apply(input, signal)),
      endpoints: [
        { service: 'web', containerPort: 80, protocol: 'tcp', port: 30080, url: 'http://node:30080' },
      ],
    })
    bench.startWorker(orchestrator)
    const { id } = await submit(api, { items: [{ clientId: 'a' }, { clientId: 'b' }] })
    expect(await whenDone(api, id)).toMatchObject({ status: 'succeeded', counts: { succeeded: 2 }, round: 1 })
    const items = await itemsOf(api, id)
    const urls = items.map(({ url }) => must(url))
    for (const url of urls) expect(url).toMatch(/^http:\/\/node:30080\?token=[0-9a-f]{32}$/)
    expect(new Set(urls).size).toBe(2)
    const csv = await api.app.inject({
      method: 'GET',
      url: `/v1/batches/${id}/items`,
      headers: { accept: 'text/csv' },
    })
    const rows = parse(csv.body, { columns: true }) as Record<string, string>[]
    expect(rows).toMatchObject([
      { name: 'class-0', url: urls[0], port: '30080', status: 'succeeded', clientId: 'a', error: '' },
      { name: 'class-1', url: urls[1], port: '30080', clientId: 'b' },
    ])
    const token = must(urls[0]).slice(-32)
    for (const url of [
      '/v1/systems/class-0',
      '/v1/systems/class-0/compose',
      `/v1/jobs/${id}-0`,
      `/v1/batches/${id}`,
    ]) {
      const shown = await api.app.inject({ method: 'GET', url })
      expect(shown.statusCode).toBe(200)
      expect(shown.body).not.toContain(token)
    }
    expect(JSON.stringify(api.lines) + bench.lines.join('')).not.toContain(token)
    const { systems } = (await send<SystemPage>(api, { method: 'GET', url: `/v1/systems?batch=${id}` })).body
    expect(systems.map(({ name }) => name)).toEqual(['class-0', 'class-1'])
  })

  it('tries again what failed, in a new round, as new jobs', async () => {
    await using life = await live()
    const { api, bench } = life
    const orchestrator = createMemoryOrchestrator(pending)
    bench.startWorker(orchestrator)
    const { id } = await submit(api, { count: 4 })
    await waitFor('all to run', () => orchestrator.running.size === 4, { intervalMs: 5 })
    letAll(orchestrator, (name) => (name === 'class-1' || name === 'class-3' ? broken : ready))
    expect(await whenDone(api, id)).toMatchObject({
      status: 'failed',
      counts: { failed: 2, succeeded: 2 },
      round: 1,
    })
    expect((await itemsOf(api, id))[1]).toMatchObject({ status: 'failed', error: { code: 'CRASH_LOOP' } })
    const again = await ask(api, 'POST', `/v1/batches/${id}/retry`)
    expect(again).toMatchObject({ status: 202, body: { round: 2, done: false } })
    await waitFor('both to run again', () => orchestrator.running.size === 4, { intervalMs: 5 })
    letAll(orchestrator, () => ready)
    expect(await whenDone(api, id)).toMatchObject({ status: 'succeeded', counts: { succeeded: 4 }, round: 2 })
    const job = must((await itemsOf(api, id))[1]).job.id
    expect(job).toBe(`${id}-1-2`)
    const { body } = await send<Job>(api, { method: 'GET', url: `/v1/jobs/${job}` })
    expect(body).toMatchObject({ status: 'succeeded', retryOf: `${id}-1` })
    expect(await ask(api, 'POST', `/v1/batches/${id}/retry`)).toMatchObject({
      status: 200,
      body: { round: 2 },
    })
    const rounds = await eventsOf(api, 'batch.completed')
    expect(rounds).toMatchObject([{ batch: { round: 1, status: 'failed' } }, { batch: { round: 2 } }])
  })

  it('that is canceled leaves nothing of what was starting, and what has started alone', async () => {
    await using life = await live()
    const { api, bench } = life
    const orchestrator = createMemoryOrchestrator(pending)
    bench.startWorker(orchestrator)
    const { id } = await submit(api, { count: 20, concurrency: 4 })
    await waitFor('some to run', () => orchestrator.running.size === 4, { intervalMs: 5 })
    const [one] = [...orchestrator.running.keys()]
    orchestrator.setState(must(one), 'web', ready)
    await waitFor(
      'one to have started',
      async () => (await ask(api, 'GET', `/v1/batches/${id}`)).body.counts.succeeded === 1,
    )
    const canceled = await ask(api, 'POST', `/v1/batches/${id}/cancel`)
    expect([200, 202]).toContain(canceled.status)
    const batch = await whenDone(api, id)
    expect(batch.counts).toEqual({ total: 20, queued: 0, running: 0, succeeded: 1, failed: 0, canceled: 19 })
    expect([...orchestrator.running.keys()]).toEqual([one])
    expect(await ask(api, 'POST', `/v1/batches/${id}/cancel`)).toMatchObject({ status: 200 })
  })

  it('that is deleted while it is still starting stops all of it, and is done again when asked again', async () => {
    await using life = await live()
    const { api, bench } = life
    const orchestrator = createMemoryOrchestrator(pending)
    bench.startWorker(orchestrator)
    const { id } = await submit(api, { count: 90, concurrency: 50 })
    await waitFor('some to run', () => orchestrator.running.size > 20, { intervalMs: 2 })
    letAll(orchestrator, () => ready)
    const answered = Promise.withResolvers<void>()
    const { remove } = orchestrator
    orchestrator.remove = async (...given) => {
      await answered.promise
      return remove(...given)
    }
    const first = await ask(api, 'DELETE', `/v1/batches/${id}`)
    expect(first.status).toBe(202)
    expect(first.body.removal?.remaining).toBeGreaterThan(0)
    answered.resolve()
    const gone = await waitFor('all to be stopped', async () => {
      const { status, body } = await ask(api, 'DELETE', `/v1/batches/${id}?wait=5`)
      return status === 200 ? body : undefined
    })
    expect(gone).toMatchObject({ done: true, removal: { remaining: 0 }, counts: { queued: 0, running: 0 } })
    expect(orchestrator.running.size).toBe(0)
    await submit(api, { count: 90 })
  })

  it('is followed as a stream, and by who comes back from where it was', async () => {
    await using life = await live()
    const { api, bench } = life
    const orchestrator = createMemoryOrchestrator(pending)
    bench.startWorker(orchestrator)
    const { id, revision } = await submit(api, { count: 3, concurrency: 1 })
    const url = `${await api.app.listen({ port: 0 })}/v1/batches/${id}/events`
    using client = follow(url, ['batch', 'item', 'done'])
    await client.has(1)
    const pump = setInterval(() => letAll(orchestrator, () => ready), 10)
    await waitFor('the last event', () => client.received.at(-1)?.event === 'done')
    clearInterval(pump)
    expect(client.received[0]).toMatchObject({ event: 'batch' })
    expect(client.received.at(-1)?.data).toMatchObject({ done: true, counts: { succeeded: 3 } })
    using late = follow(url, ['batch', 'item', 'done'], { 'last-event-id': `${revision}` })
    await waitFor('the last event again', () => late.received.at(-1)?.event === 'done')
    expect(late.received.map(({ event }) => event)).toEqual(['item', 'item', 'item', 'batch', 'done'])
    expect(late.received[0]?.data).toMatchObject({ index: 0, status: 'succeeded' })
  })
})

async function eventsOf({ redis, prefix }: TestApi, type: string): Promise<object[]> {
  const entries = await redis.xrange(`${prefix}:events:alice`, '-', '+')
  const events = entries.map(([, fields]) => JSON.parse(fields[fields.indexOf('event') + 1] ?? ''))
  return events.filter((event) => event.type === type).map(({ data }) => data)
}
