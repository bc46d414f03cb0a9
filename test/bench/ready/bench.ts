// npm run bench -- ready: how long after a pod has become Ready its job is done, while many systems wait. On a real
// control plane with a stand-in kubelet, which makes one pod after the other Ready; on the same clock a bare client
// watches what the API server tells everybody.
import type { JobPage } from '../../../src/api/schemas/job.ts'
import { type Api, createApi, readAccess } from '../../kit/cluster/api.ts'
import { readSettings } from '../../kit/cluster/settings.ts'
import { kubeconfigOf, openControlPlane } from '../../kit/control-plane/control-plane.ts'
import { startKubelet } from '../../kit/kubelet/kubelet.ts'
import type { Pod } from '../../kit/kubelet/pod.ts'
import { startRedis } from '../../kit/redis.ts'
import { startTycho, type Tycho } from '../../kit/tycho.ts'
import { waitFor } from '../../kit/wait.ts'
import { percentile } from '../measure.ts'
import { type Arrivals, watchArrivals } from './arrivals.ts'
import { type Ends, watchEnds } from './ends.ts'

type Deployment = { status?: { unavailableReplicas?: number } }

type Row = Readonly<Record<string, string | number>>

/** How many wait at first; how far apart their pods become Ready; how many of them are started at the same time. */
const systems = 1_000
const apartMs = 40
const startsAtOnce = 8

const namespace = 'default'
const compose = { services: { web: { image: 'bench/web', ports: ['8080'] } } }

export async function run(): Promise<void> {
  await using control = await openControlPlane(readSettings(), (line) => console.log(line))
  const kubeconfig = kubeconfigOf(control.plane)
  await using redis = await startRedis()
  await using api = createApi(readAccess(kubeconfig))
  const ready = new Set<string>()
  const plan = (pod: Pod) => ({ is: ready.has(systemOf(pod)) ? ('ready' as const) : ('held' as const) })
  await using kubelet = await startKubelet(kubeconfig, { plan, namespace })
  await using tycho = await startTycho({ kubeconfig, namespace, workers: 2, redis })
  const jobs = await startAll(tycho)
  await untilAllWait(api, tycho)
  await using arrivals = await watchArrivals(api, namespace)
  await using ends = await watchEnds(redis.url)
  for (const name of jobs.keys()) {
    ready.add(name)
    kubelet.follow(plan)
    await pause(apartMs)
  }
  await waitFor('the end of all jobs', () => ends.size() === systems, { timeoutMs: 120_000 })
  print(jobs, arrivals, ends)
}

const systemOf = ({ metadata }: Pod): string => metadata.labels?.['tycho.io/system'] ?? ''

/** The job of each system, by its name. */
async function startAll(tycho: Tycho): Promise<Map<string, string>> {
  const jobs = new Map<string, string>()
  const names = Array.from({ length: systems }, (_, index) => `ready-${index}`)
  const startMore = async () => {
    for (let name = names.shift(); name; name = names.shift())
      jobs.set(name, (await tycho.start({ name, compose, timeoutSeconds: 3_600 })).id)
  }
  await Promise.all(Array.from({ length: startsAtOnce }, startMore))
  return jobs
}

/** Until the cluster has nothing left to do but to wait, and every job waits too. */
async function untilAllWait(api: Api, tycho: Tycho): Promise<void> {
  const patience = { timeoutMs: 600_000, intervalMs: 1_000 }
  const path = `/apis/apps/v1/namespaces/${namespace}/deployments`
  const deployments = async () => (await api.send<{ items: Deployment[] }>('GET', path)).items
  const isSettled = ({ status }: Deployment) => status?.unavailableReplicas === 1
  await waitFor('all pods', async () => (await deployments()).filter(isSettled).length === systems, patience)
  const stepsOf = async () =>
    (await tycho.send<JobPage>('GET', `/v1/jobs?pageSize=${systems}`)).body.jobs.map(
      (job) => job.progress.step,
    )
  await waitFor(
    'all jobs to wait',
    async () => (await stepsOf()).every((step) => step === 'waiting'),
    patience,
  )
}

/** Arrivals at the bare client stand beside each other, so that the cluster's own time can be told from Tycho's. */
function print(jobs: ReadonlyMap<string, string>, arrivals: Arrivals, ends: Ends): void {
  const since = (later: (name: string) => number | undefined): number[] =>
    [...jobs.keys()].map((name) => (later(name) ?? Number.NaN) - (arrivals.podReady.get(name) ?? Number.NaN))
  console.log(
    `Milliseconds after a pod's Ready event, ${systems} systems waiting at first. Target: p99 below 100.`,
  )
  console.table([
    row(
      'the Deployment is told to be available, to a bare watch',
      since((name) => arrivals.available.get(name)),
    ),
    row(
      'the job is done',
      since((name) => ends.at(jobs.get(name) ?? '')),
    ),
  ])
}

function row(what: string, times: readonly number[]): Row {
  const at = (share: number) => Number(percentile(times, share).toPrecision(3))
  return { what, p50: at(0.5), p90: at(0.9), p99: at(0.99), most: at(1) }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
