// Tycho's round: one request for all systems, and one to stop them.
import { Redis } from 'ioredis'
import type { Batch } from '../../../src/api/schemas/batch.ts'
import { createKeys } from '../../../src/store/keys.ts'
import { waitFor } from '../../kit/wait.ts'
import type { Options } from './options.ts'
import { compose } from './pattern.ts'
import type { Actor } from './round.ts'
import type { Service } from './service.ts'

export type Launch = Actor & {
  /** Milliseconds that the API took to answer the launch. */
  answerMs(): number
  /** The job of each system, by the system's name. */
  jobs(): ReadonlyMap<string, string>
}

export function createLaunch(
  service: Service,
  { systems, exposure }: Pick<Options, 'systems' | 'exposure'>,
): Launch {
  let id = ''
  let answerMs = Number.NaN
  return {
    answerMs: () => answerMs,
    jobs: () =>
      new Map(Array.from({ length: systems }, (_, index) => [`launch-${index}`, `${id}-${index}`] as const)),
    async start() {
      const from = performance.now()
      const numbers = { count: systems, concurrency: systems, timeoutSeconds: 3_600 }
      id = (await ask(service, 'POST', '/v1/batches', { name: 'launch', compose, exposure, ...numbers })).id
      answerMs = performance.now() - from
      await untilDone(service, id)
    },
    async stop() {
      await ask(service, 'DELETE', `/v1/batches/${id}`)
      const isOver = async () => (await ask(service, 'GET', `/v1/batches/${id}`)).removal?.remaining === 0
      await waitFor('the end of the batch', isOver, { timeoutMs: 1_800_000, intervalMs: 250 })
    },
  }
}

async function untilDone(service: Service, id: string): Promise<void> {
  for (;;) {
    const batch = await ask(service, 'GET', `/v1/batches/${id}?wait=30`)
    if (!batch.done) continue
    if (batch.status !== 'succeeded') throw new Error(`the batch has ${JSON.stringify(batch.counts)}`)
    return
  }
}

/** Plain, because holding every answer against the document costs what others are measured for. */
async function ask({ tycho, tenant }: Service, method: string, path: string, body?: object): Promise<Batch> {
  const answer = await fetch(`${tycho.url}${path}`, {
    method,
    headers: { ...tenant.headers, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Batch
}

export type Told = AsyncDisposable & {
  /** When a job changed for the last time, in milliseconds of `performance.now()`: once all are done, when it was done. */
  lastChange: ReadonlyMap<string, number>
  /** What telling it has cost Redis. */
  bytes(): number
}

/** Listens to what everybody is told who follows jobs. */
export async function openTold({ tycho }: Service): Promise<Told> {
  const subscriber = new Redis(tycho.redis.url)
  const lastChange = new Map<string, number>()
  const { jobChanged } = createKeys('{tycho}')
  let bytes = 0
  subscriber.on('message', (_channel, job: string) => {
    lastChange.set(job, performance.now())
    // RESP: an array of three strings.
    bytes += 34 + jobChanged.length + job.length
  })
  await subscriber.subscribe(jobChanged)
  return {
    lastChange,
    bytes: () => bytes,
    async [Symbol.asyncDispose]() {
      subscriber.disconnect()
    },
  }
}
