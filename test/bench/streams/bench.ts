// npm run bench -- streams: how long after a transition its clients have the new state, 500 of them on one process, and
// what they cost it. Beside it, on the same transitions, a bare server that only passes on that something has changed.
import { Redis } from 'ioredis'
import type { Job } from '../../../src/jobs/job.ts'
import { createStore, type Store } from '../../../src/store/store.ts'
import { startRedis } from '../../kit/redis.ts'
import { percentile } from '../measure.ts'
import { type Server, startApi, startServer } from '../server.ts'
import { type Followers, openFollowers } from './followers.ts'

type Row = Readonly<Record<string, string | number>>
type Both = { tycho: Server; floor: Server; store: Store }

const clients = 500
const transitions = 300
const apartMs = 20
const idleMs = 5_000

export async function run(): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const { url } = stack.use(await startRedis())
  const tycho = stack.use(await startApi(url))
  const floor = stack.use(
    await startServer('test/bench/streams/floor.ts', (port) => ({ PORT: `${port}`, REDIS_URL: url })),
  )
  const store = await openStore(url, stack)
  const ids = await startJobs(tycho)
  const one = ids[0] ?? ''
  const both = { tycho, floor, store }
  console.log(`Milliseconds from a transition to the last of its clients; ${clients} clients on one process.`)
  console.table([
    await row('each follows a job of its own', both, ids),
    await row(
      'all follow the same job',
      both,
      ids.map(() => one),
    ),
  ])
}

/** Makes the transitions, as a worker would. */
async function openStore(url: string, stack: AsyncDisposableStack): Promise<Store> {
  const [redis, subscriber] = [new Redis(url), new Redis(url)]
  stack.defer(() => redis.disconnect())
  stack.defer(() => subscriber.disconnect())
  const store = await createStore(redis, subscriber, { prefix: '{tycho}', retentionMs: 3_600_000 })
  stack.use(store.changes)
  return store
}

async function startJobs({ url }: Server): Promise<string[]> {
  const ids: string[] = []
  for (let count = 0; count < clients; count += 1) {
    const answer = await fetch(`${url}/v1/systems`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: `bench-${count}`, image: 'bench/web', ports: [8080] }),
    })
    ids.push(((await answer.json()) as Job).id)
  }
  return ids
}

async function row(what: string, { tycho, floor, store }: Both, ids: readonly string[]): Promise<Row> {
  const before = tycho.residentBytes()
  using ours = await openFollowers(tycho.url, ids)
  using theirs = await openFollowers(floor.url, ids)
  const idleCpu = await cpuShare(tycho, () => pause(idleMs))
  const [times, floorTimes]: [number[], number[]] = [[], []]
  const busyCpu = await cpuShare(tycho, async () => {
    for (let count = 0; count < transitions; count += 1) {
      const id = ids[count % ids.length] ?? ''
      const [our, their] = await transition(store, id, `transition ${count}`, ours, theirs)
      times.push(our)
      floorTimes.push(their)
      await pause(apartMs)
    }
  })
  return {
    what,
    'p50 ms': rounded(percentile(times, 0.5)),
    'p99 ms': rounded(percentile(times, 0.99)),
    'floor p50': rounded(percentile(floorTimes, 0.5)),
    'floor p99': rounded(percentile(floorTimes, 0.99)),
    'KiB a client': rounded((tycho.residentBytes() - before) / 1024 / ids.length),
    'RSS MiB': rounded(tycho.residentBytes() / 1024 / 1024),
    'idle CPU %': rounded(idleCpu * 100),
    'busy CPU %': rounded(busyCpu * 100),
  }
}

async function transition(store: Store, id: string, message: string, ours: Followers, theirs: Followers) {
  const told = [ours.toldNext(id), theirs.toldNext(id)]
  const start = performance.now()
  await store.works.change(id, (work) => ({ ...work, job: { ...work.job, message } }))
  const [our = 0, their = 0] = await Promise.all(told)
  return [our - start, their - start] as const
}

/** Of one processor, while something is done. */
async function cpuShare(server: Server, work: () => Promise<void>): Promise<number> {
  const [cpu, start] = [server.cpuMs(), performance.now()]
  await work()
  return (server.cpuMs() - cpu) / (performance.now() - start)
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

const rounded = (value: number) => Number(value.toPrecision(3))
