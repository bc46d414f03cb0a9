// Tycho's round, with what its own processes and Redis were asked to do and took.
import { clearNamespaces } from './clear.ts'
import type { Options } from './options.ts'
import { growthOf } from './prometheus.ts'
import { costsBetween, type RedisCosts, readRedisCosts } from './redis-costs.ts'
import { type Requests, readTychoRequests } from './requests.ts'
import { playRound, type Round } from './round.ts'
import { openService, type Service } from './service.ts'
import type { Sight } from './sight.ts'
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
  memory: ReadonlyMap<string, { peak: number; now: number }>
}

export async function measureTycho(site: Site, options: Options): Promise<TychoRound> {
  const namespaces = await site.makeNamespaces('tycho', options.namespaces)
  const measured = await playTycho(site, namespaces, options)
  await clearNamespaces(site, namespaces)
  return measured
}

async function playTycho(site: Site, namespaces: string[], options: Options): Promise<TychoRound> {
  await using service = await openService(site.kubeconfig, namespaces, options.workers)
  await using told = await openTold(service)
  const launch = createLaunch(service, options)
  const usage: { start?: Usage; stop?: Usage } = {}
  let before = await readUsage(service, told)
  let latencies: Latencies = { fromPodReady: [], fromAvailable: [] }
  const mark = async (what: 'start' | 'stop', sight: Sight, isOver: boolean) => {
    const now = await readUsage(service, told)
    if (isOver) usage[what] = usageBetween(before, now)
    if (isOver && what === 'start') latencies = latenciesOf(launch.jobs(), sight, told)
    before = now
  }
  const round = await playRound(site, namespaces, options, launch, mark)
  const { start, stop = null } = usage
  if (!start) throw new Error('the start was not measured')
  return { round, answerMs: launch.answerMs(), usage: { start, stop }, latencies, memory: service.memory() }
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
  const since = (times: ReadonlyMap<string, number>) =>
    [...jobs].map(([system, job]) => (lastChange.get(job) ?? Number.NaN) - (times.get(system) ?? Number.NaN))
  return { fromPodReady: since(pods.ready), fromAvailable: since(deployments.ready) }
}
