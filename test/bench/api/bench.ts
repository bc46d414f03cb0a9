// npm run bench -- api: starts per second, beside a bare route that only loads the YAML and adds a job to a queue, and
// beside one that also keeps the records of the start. The servers are processes of their own, are loaded in turns, and
// share one Redis. On a machine that does much else the processor's time per request says more than the clock's.
import { readFileSync } from 'node:fs'
import { Redis } from 'ioredis'
import { startRedis } from '../../kit/redis.ts'
import { manyServices, TYPICAL } from '../compose/files.ts'
import { percentile } from '../measure.ts'
import { type Server, startApi, startServer } from '../server.ts'
import { fire, type Load, type Shot } from './load.ts'

type Row = Readonly<Record<string, string | number>>
type Servers = { tycho: Server; floor: Server; kept: Server; redis: Redis }
type Turn = Load & { cpuMs: number; redisMs: number }

const connections = 50
const rounds = Number(process.env.TYCHO_TEST_ROUNDS ?? 6)
const turnMs = 2_000
const warmUpRequests = 20_000
const smallConnections = 10
/** As many services as a system may have; comments make it a mebibyte. */
const longServices = 1_000
const padding = `# ${'x'.repeat(98)}\n`.repeat(5_400)

const hello = readFileSync(new URL('../../../samples/hello.yml', import.meta.url), 'utf8')

export async function run(): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const { url } = stack.use(await startRedis())
  const redis = new Redis(url)
  stack.defer(() => redis.disconnect())
  const tycho = stack.use(await startApi(url))
  const environment = (port: number) => ({ PORT: `${port}`, REDIS_URL: url })
  const floor = stack.use(await startServer('test/bench/api/floor.ts', environment))
  const kept = stack.use(await startServer('test/bench/api/kept.ts', environment))
  const servers = { tycho, floor, kept, redis }
  console.log(
    `POST /v1/systems, ${connections} connections, medians of ${rounds} turns. Target: 0.6, p99 < 50.`,
  )
  console.table([
    await row('one service', servers, shots(hello, false)),
    await row('one service, each text new', servers, shots(hello, true)),
    await row('two services', servers, shots(TYPICAL, false)),
    await row('two services, each text new', servers, shots(TYPICAL, true)),
  ])
  console.log(`Small requests on ${smallConnections} connections beside long ones:`)
  console.table(await besideLong(servers))
}

let count = 0

/** Requests whose systems have names of their own, and their texts too where `unique`. */
function shots(text: string, unique: boolean): Shot {
  return () => {
    count += 1
    const compose = unique ? text.replace(/image: (\S+)/, `image: bench/image-${count}`) : text
    return JSON.stringify({ name: `bench-${count}`, compose })
  }
}

async function row(what: string, servers: Servers, shot: Shot): Promise<Row> {
  const ours: Turn[] = []
  const theirs: Turn[] = []
  const kept: Turn[] = []
  for (const server of [servers.tycho, servers.floor, servers.kept]) await warmUp(server, shot)
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await turn(servers.tycho, servers.redis, shot))
    theirs.push(await turn(servers.floor, servers.redis, shot))
    kept.push(await turn(servers.kept, servers.redis, shot))
    await servers.redis.flushall()
  }
  return { what, ...figures(ours, theirs, kept) }
}

/** By requests, not by time: on a busy machine code is as slow to be compiled as to be run. */
async function warmUp(server: Server, shot: Shot): Promise<void> {
  for (let count = 0; count < warmUpRequests; )
    count += (await fire(server.url, connections, 500, shot)).count
}

/** Small requests by themselves, and while others post files of a mebibyte, two at a time. */
async function besideLong({ tycho, redis }: Servers): Promise<Row[]> {
  const long = shots(`${manyServices(longServices)}${padding}`, false)
  const alone = await fire(tycho.url, smallConnections, turnMs * 2, shots(hello, false))
  const [small, large] = await Promise.all([
    fire(tycho.url, smallConnections, turnMs * 4, shots(hello, false)),
    fire(tycho.url, 2, turnMs * 4, long),
  ])
  await redis.flushall()
  const toRow = (what: string, { perSecond, p50, p99 }: Load): Row => ({
    what,
    'starts/s': rounded(perSecond),
    'p50 ms': rounded(p50),
    'p99 ms': rounded(p99),
  })
  return [
    toRow('small alone', alone),
    toRow('small beside long', small),
    toRow(`long (${Math.round(long().length / 1024)} KiB)`, large),
  ]
}

async function turn(server: Server, redis: Redis, shot: Shot): Promise<Turn> {
  const [cpuBefore, redisBefore] = [server.cpuMs(), await redisCpuMs(redis)]
  const load = await fire(server.url, connections, turnMs, shot)
  const redisMs = ((await redisCpuMs(redis)) - redisBefore) / load.count
  return { ...load, cpuMs: (server.cpuMs() - cpuBefore) / load.count, redisMs }
}

async function redisCpuMs(redis: Redis): Promise<number> {
  const info = await redis.info('cpu')
  const seconds = [...info.matchAll(/^used_cpu_(?:sys|user):([\d.]+)/gm)].map(([, value]) => Number(value))
  return seconds.reduce((sum, one) => sum + one, 0) * 1000
}

function figures(ours: readonly Turn[], theirs: readonly Turn[], kept: readonly Turn[]): Row {
  const ratio = (figure: (turn: Turn) => number, [over, under] = [ours, theirs]) =>
    rounded(median(over.map((one, at) => figure(one) / figure(under[at] ?? one))))
  const middle = (turns: readonly Turn[], figure: keyof Turn) =>
    rounded(median(turns.map((one) => one[figure])))
  return {
    'starts/s': middle(ours, 'perSecond'),
    'floor/s': middle(theirs, 'perSecond'),
    ratio: ratio((one) => one.perSecond),
    'records/s': middle(kept, 'perSecond'),
    'of records': ratio((one) => one.perSecond, [ours, kept]),
    'p50 ms': middle(ours, 'p50'),
    'p99 ms': middle(ours, 'p99'),
    'floor p99': middle(theirs, 'p99'),
    'cpu ms': middle(ours, 'cpuMs'),
    'floor cpu': middle(theirs, 'cpuMs'),
    'cpu ratio': ratio((one) => one.cpuMs, [theirs, ours]),
    'redis ms': middle(ours, 'redisMs'),
    'floor redis': middle(theirs, 'redisMs'),
  }
}

const median = (values: readonly number[]) => percentile(values, 0.5)

const rounded = (value: number) => Number(value.toPrecision(3))
