// Tycho's round, with what its own processes and Redis were asked to do and took.
import { clearNamespaces } from './clear.ts'
import type { Options } from './options.ts'
import { openPerson, type Singles } from './person.ts'
import { growthOf } from './prometheus.ts'
import { costsBetween, type RedisCosts, readRedisCosts } from './redis-costs.ts'
import { type Requests, readTychoRequests } from './requests.ts'
import { playRound, type Round } from './round.ts'
import { openService, type Service } from './service.ts'
import type { Sight, Times } from './sight.ts'
import type { Site } from './site.ts'
import { createLaunch, openTold, type Told } from './tycho.ts'

/** What one phase took of Tycho itself. */
export type Usage = { redis: RedisCosts; requests: Requests; cpuMs: ReadonlyMap<string, number> }

/** Milliseconds from what a bare watch heard to the job's end as everybody is told. */
export type Latencies = { fromPodReady: number[]; fromAvailable: number[] }

export type TychoRound = {
  round: Round
  answerMs: number
  usage: { start: Usage; stop: Usage | null }
  latencies: Latencies
  /** Milliseconds that each job of the start spent in each step, by its own record. */
  steps: ReadonlyMap<string, number[]>
  memory: ReadonlyMap<string, { peak: number; now: number }>
  /** Single starts, where they were asked for. */
  singles: Singles | null
}

export async function measureTycho(site: Site, options: Options): Promise<TychoRound> {
  const namespaces = await site.makeNamespaces('tycho', options.namespaces)
  const [single = null] = options.interactive ? await site.makeNamespaces('single', 1) : []
  const measured = await playTycho(site, { namespaces, single }, options)
  await clearNamespaces(site, single ? [...namespaces, single] : namespaces)
  return measured
}

async function playTycho(
  site: Site,
  { namespaces, single }: { namespaces: string[]; single: string | null },
  options: Options,
): Promise<TychoRound> {
  const { kubeconfig } = site
  const { workers } = options
  await using service = await openService({ kubeconfig, namespaces, single, workers })
  await using person = await openPerson(site, service, options)
  await using told = await openTold(service)
  const launch = createLaunch(service, options)
  const usage: { start?: Usage; stop?: Usage } = {}
  let before = await readUsage(service, told)
  let latencies: Latencies = { fromPodReady: [], fromAvailable: [] }
  let steps: TychoRound['steps'] = new Map()
  const mark = async (what: 'start' | 'stop', sight: Sight, isOver: boolean) => {
    const now = await readUsage(service, told)
    if (isOver) usage[what] = usageBetween(before, now)
    if (isOver && what === 'start') {
      latencies = latenciesOf(launch.jobs(), sight, told)
      steps = stepsOf(service, new Set(launch.jobs().values()))
    }
    before = now
  }
  const during = { ...launch, start: () => person.during(launch.start) }
  const round = await playRound(site, namespaces, options, during, mark)
  const { start, stop = null } = usage
  if (!start) throw new Error('the start was not measured')
  const memory = service.memory()
  const singles = await person.singles()
  return { round, answerMs: launch.answerMs(), usage: { start, stop }, latencies, steps, memory, singles }
}

async function readUsage(service: Service, told: Told): Promise<Usage> {
  const redis = await readRedisCosts(service.redis)
  return {
    redis: { ...redis, bytes: redis.bytes - told.bytes() },
    requests: await readTychoRequests(service.metrics),
    cpuMs: new Map([...service.cpuMs(), ['redis', redis.cpuMs]]),
  }
}

function usageBetween(before: Usage, after: Usage): Usage {
  return {
    redis: costsBetween(before.redis, after.redis),
    requests: growthOf(before.requests, after.requests),
    cpuMs: growthOf(before.cpuMs, after.cpuMs),
  }
}

function latenciesOf(
  jobs: ReadonlyMap<string, string>,
  { pods, deployments }: Sight,
  { lastChange }: Told,
): Latencies {
  // Of one tenant: in whatever namespace, a name is that of one system.
  const since = (times: Times) =>
    [...times].map(([key, at]) => {
      const job = jobs.get(key.slice(key.indexOf('/') + 1)) ?? ''
      return (lastChange.get(job) ?? Number.NaN) - at
    })
  return { fromPodReady: since(pods.ready), fromAvailable: since(deployments.ready) }
}

const stepNames = ['queuedMs', 'compileMs', 'applyMs', 'waitMs'] as const

/** A worker logs one line for each job that has ended. */
function stepsOf({ tycho }: Service, jobs: ReadonlySet<string>): Map<string, number[]> {
  const ended = tycho.workers
    .flatMap(({ lines }) => lines)
    .filter(({ job, step }) => jobs.has(`${job}`) && step === 'done')
  return new Map(stepNames.map((name) => [name.replace('Ms', ''), ended.map((line) => Number(line[name]))]))
}
