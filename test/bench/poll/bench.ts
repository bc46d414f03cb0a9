// npm run bench -- poll: polls per second of a job that does not change, beside a bare route that does one Redis read.
// Both servers are processes of their own, are loaded in turns, and share one Redis. On a machine that does much else
// the processor's time per request says more than the clock's.
import type { Job } from '../../../src/jobs/job.ts'
import { startRedis } from '../../kit/redis.ts'
import { percentile } from '../measure.ts'
import { type Server, startApi, startServer } from '../server.ts'
import { type Load, type Poll, poll } from './load.ts'

type Row = Readonly<Record<string, string | number>>
type Turn = Load & { cpuMs: number }

const connections = 50
const jobCount = 200
const rounds = Number(process.env.TYCHO_TEST_ROUNDS ?? 30)
const turnMs = 400
const warmUpMs = 5_000

export async function run(): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const { url } = stack.use(await startRedis())
  const tycho = stack.use(await startApi(url))
  const jobs = await startJobs(tycho)
  const floor = stack.use(
    await startServer('test/bench/poll/floor.ts', (port) => ({ PORT: `${port}`, REDIS_URL: url })),
  )
  const unchanged = (path: string) =>
    jobs.map(({ id, revision }) => ({ path: `${path}/${id}`, etag: `W/"${revision}"`, expected: 304 }))
  const whole = jobs.map(({ id }) => ({ path: `/v1/jobs/${id}`, etag: null, expected: 200 }))
  const row = (what: string, polls: Poll[]) => measureRow(what, [tycho, polls], [floor, unchanged('/jobs')])
  console.log(
    `Polls of ${jobs.length} jobs, ${connections} connections, medians of ${rounds} turns. Target of the first: 0.7.`,
  )
  console.table([
    await row('nothing new (304)', unchanged('/v1/jobs')),
    await row('the whole job (200)', whole),
  ])
}

/** No worker runs: they stay as they are. */
async function startJobs({ url }: Server): Promise<Job[]> {
  const jobs: Job[] = []
  for (let count = 0; count < jobCount; count += 1) {
    const answer = await fetch(`${url}/v1/systems`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: `bench-${count}`, image: 'bench/web', ports: [8080] }),
    })
    jobs.push((await answer.json()) as Job)
  }
  return jobs
}

type Measured = readonly [server: Server, polls: readonly Poll[]]

async function measureRow(what: string, our: Measured, floor: Measured): Promise<Row> {
  const ours: Turn[] = []
  const theirs: Turn[] = []
  for (let round = 0; round <= rounds; round += 1) {
    const forMs = round === 0 ? warmUpMs : turnMs
    const [one, other] = [await turn(...our, forMs), await turn(...floor, forMs)]
    if (round === 0) continue
    ours.push(one)
    theirs.push(other)
  }
  return { what, ...figures(ours, theirs) }
}

async function turn(server: Server, polls: readonly Poll[], forMs: number): Promise<Turn> {
  const before = server.cpuMs()
  const load = await poll(server.url, connections, forMs, polls)
  return { ...load, cpuMs: (server.cpuMs() - before) / load.count }
}

function figures(ours: readonly Turn[], theirs: readonly Turn[]): Row {
  const middle = (turns: readonly Turn[], figure: keyof Turn) =>
    rounded(median(turns.map((one) => one[figure])))
  const ratio = (over: readonly Turn[], under: readonly Turn[], figure: keyof Turn) =>
    rounded(median(over.map((one, at) => one[figure] / (under[at] ?? one)[figure])))
  return {
    'polls/s': middle(ours, 'perSecond'),
    'floor/s': middle(theirs, 'perSecond'),
    ratio: ratio(ours, theirs, 'perSecond'),
    'p50 ms': middle(ours, 'p50'),
    'p99 ms': middle(ours, 'p99'),
    'floor p99': middle(theirs, 'p99'),
    'cpu ms': middle(ours, 'cpuMs'),
    'floor cpu': middle(theirs, 'cpuMs'),
    'cpu ratio': ratio(theirs, ours, 'cpuMs'),
  }
}

const median = (values: readonly number[]) => percentile(values, 0.5)

const rounded = (value: number) => Number(value.toPrecision(3))
