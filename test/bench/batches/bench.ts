// npm run bench -- batches: a batch of 10,000 items, how long its answer takes, what memory the API has for it, and what
// other requests notice; beside a bare route that reads the same body and packs it into one Redis hash.
import { Redis } from 'ioredis'
import { Pool } from 'undici'
import { startRedis } from '../../kit/redis.ts'
import { percentile } from '../measure.ts'
import { type Server, startApi, startServer } from '../server.ts'

const items = 10_000
const rounds = Number(process.env.TYCHO_TEST_ROUNDS ?? 3)

const template = `services:
  notebook:
    image: demo/notebook
    command: start --token=\${TYCHO_TOKEN}
    environment: { STUDENT: "\${STUDENT}", PLACE: "\${TYCHO_INDEX}" }
    ports: ["8888"]
`

type Row = Readonly<Record<string, string | number>>

export async function run(): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const { url } = stack.use(await startRedis())
  const redis = new Redis(url)
  stack.defer(() => redis.disconnect())
  const tycho = stack.use(await startApi(url))
  const floor = stack.use(
    await startServer('test/bench/batches/floor.ts', (port) => ({ PORT: `${port}`, REDIS_URL: url })),
  )
  console.log(`POST /v1/batches, ${items} items. Target: 2,000 ms, 250 MB, p99 of others 100 ms.`)
  console.table([
    await row('floor', floor, redis, template),
    await row('slots', tycho, redis, template),
    await row('an image per item', tycho, redis, template.replace('demo/notebook', 'demo/${STUDENT}')),
  ])
}

async function row(name: string, server: Server, redis: Redis, compose: string): Promise<Row> {
  const runs = []
  for (let round = 0; round < rounds; round += 1) runs.push(await submit(server, redis, `b${round}`, compose))
  const median = (values: number[]) => Math.round(percentile(values, 0.5))
  return {
    request: name,
    'answer ms': median(runs.map(({ answerMs }) => answerMs)),
    'highest RSS MB': Math.round(Math.max(...runs.map(({ residentBytes }) => residentBytes)) / 1e6),
    'others p99 ms': median(runs.map(({ othersP99 }) => othersP99)),
    'longest script ms': median(runs.map(({ scriptMs }) => scriptMs)),
  }
}

async function submit(server: Server, redis: Redis, name: string, compose: string) {
  await redis.flushall()
  await redis.config('SET', 'slowlog-log-slower-than', '1000')
  await redis.slowlog('RESET')
  const pool = new Pool(server.url, { connections: 8 })
  const body = JSON.stringify({
    name,
    compose,
    items: Array.from({ length: items }, (_, index) => ({
      env: { STUDENT: `student-${index}` },
      clientId: `c${index}`,
    })),
  })
  const others: number[] = []
  let residentBytes = 0
  let isOver = false
  const asking = Array.from({ length: 4 }, async () => {
    while (!isOver) {
      others.push(await ask(pool))
      residentBytes = Math.max(residentBytes, server.residentBytes())
    }
  })
  const from = performance.now()
  const headers = { 'content-type': 'application/json' }
  const answer = await pool.request({ method: 'POST', path: '/v1/batches', headers, body })
  const text = await answer.body.text()
  const answerMs = performance.now() - from
  isOver = true
  await Promise.all(asking)
  await pool.close()
  if (answer.statusCode !== 202) throw new Error(`${answer.statusCode}: ${text.slice(0, 500)}`)
  return { answerMs, residentBytes, othersP99: percentile(others, 0.99), scriptMs: await slowest(redis) }
}

/** A poll of something that is not there: it goes the way of every request, to Redis and back. */
async function ask(pool: Pool): Promise<number> {
  const from = performance.now()
  const { body } = await pool.request({ method: 'GET', path: '/v1/jobs/none' })
  await body.text()
  return performance.now() - from
}

async function slowest(redis: Redis): Promise<number> {
  const entries = (await redis.slowlog('GET', 100)) as [number, number, number, string[]][]
  return Math.max(0, ...entries.map(([, , micros]) => micros / 1000))
}
