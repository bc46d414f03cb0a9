// The Kubernetes engine on the cluster of the tests, with one system in a namespace of its own.
import { randomUUID } from 'node:crypto'
import {
  createKubernetesOrchestrator,
  type KubernetesOptions,
  type KubernetesOrchestrator,
} from '../../src/orchestrators/kubernetes/orchestrator.ts'
import type { Applied, Fence, Observation, Stage } from '../../src/orchestrators/orchestrator.ts'
import { emptySystem } from '../../src/system/empty.ts'
import type { ServiceState } from '../../src/system/readiness.ts'
import type { SystemIdentity, SystemSpec } from '../../src/system/spec.ts'
import { createNamespace, testCluster } from './cluster/cluster.ts'
import { waitFor } from './wait.ts'

type SystemObservation = Extract<Observation, { type: 'system' }>
type ApplyOptions = {
  mode?: 'create' | 'update'
  job?: string
  identity?: SystemIdentity
  fence?: () => Promise<void>
}

export type Engine = AsyncDisposable & {
  orchestrator: KubernetesOrchestrator
  identity: SystemIdentity
  /** Method, path and status of each request so far. */
  requests: string[]
  /** Compiles and applies all stages, one after the other, without waiting. */
  apply(services: SystemSpec['services'], options?: ApplyOptions): Promise<Applied & { stages: Stage[] }>
  fence(job: string, check?: () => Promise<void>): Fence
  /** Everything that was told of the system, the first time from now on. */
  told: SystemObservation[]
  /** Waits until the observer has told so of a service. */
  until(
    service: string,
    what: (state: ServiceState) => boolean,
    options?: { timeoutMs: number },
  ): Promise<ServiceState>
  untilGone(): Promise<void>
}

const silent = { debug() {}, info() {}, warn() {}, error() {} }
const signal = new AbortController().signal

export async function openEngine(given: Partial<KubernetesOptions> = {}): Promise<Engine> {
  const namespace = await createNamespace('engine')
  const { kubeconfig, nodeHost } = testCluster()
  const requests: string[] = []
  const orchestrator = createKubernetesOrchestrator({
    kubeconfig: { paths: [kubeconfig] },
    facts: { publicHost: nodeHost },
    onRequest: ({ method, path, statusCode }) => requests.push(`${method} ${path} ${statusCode}`),
    log: silent,
    ...given,
  })
  const sid = randomUUID().replaceAll('-', '')
  const own = { tenant: 'test', namespace: namespace.name, name: 'demo', sid }
  const stop = new AbortController()
  const told: SystemObservation[] = []
  const observing = observe(orchestrator, own, told, stop.signal)
  const fence = (job: string, check = async () => {}): Fence => ({ job, sid, attempt: 1, check })
  const last = () => told.at(-1)
  return {
    orchestrator,
    identity: own,
    requests,
    told,
    fence,
    apply: (services, options = {}) => applyAll(orchestrator, options.identity ?? own, services, options),
    async until(service, what, { timeoutMs } = { timeoutMs: 60_000 }) {
      const meets = () => {
        const state = last()?.services[service]
        return state && what(state) ? state : undefined
      }
      return waitFor(`a state of ${service}`, meets, { timeoutMs, intervalMs: 20 }).catch((cause) => {
        throw new Error(`${service} stands otherwise: ${JSON.stringify(last())}`, { cause })
      })
    },
    async untilGone() {
      await waitFor('the end of the system', () => last()?.remaining.length === 0, {
        timeoutMs: 60_000,
        intervalMs: 20,
      })
    },
    async [Symbol.asyncDispose]() {
      stop.abort()
      await observing
      await orchestrator.close()
      await namespace[Symbol.asyncDispose]()
    },
  }
}

async function observe(
  orchestrator: KubernetesOrchestrator,
  { sid }: SystemIdentity,
  told: SystemObservation[],
  until: AbortSignal,
): Promise<void> {
  for await (const observation of orchestrator.observe(until)) {
    if (observation.type === 'system' && observation.identity.sid === sid) told.push(observation)
  }
}

async function applyAll(
  orchestrator: KubernetesOrchestrator,
  identity: SystemIdentity,
  services: SystemSpec['services'],
  { mode = 'create', job = 'job1', fence = async () => {} }: ApplyOptions,
): Promise<Applied & { stages: Stage[] }> {
  const spec = { ...emptySystem(), services }
  const { stages } = orchestrator.compile(
    { identity, spec, exposure: 'nodePort' },
    await orchestrator.facts(signal),
  )
  const all: Applied = { changes: [], problems: [], endpoints: [], versions: {}, memo: {} }
  for (const stage of stages) {
    const given = { job, sid: identity.sid, attempt: 1, check: fence }
    const applied = await orchestrator.apply({ identity, stage, mode, memo: all.memo, fence: given }, signal)
    all.changes.push(...applied.changes)
    all.endpoints.push(...applied.endpoints)
    Object.assign(all.versions, applied.versions)
    all.memo = JSON.parse(JSON.stringify(applied.memo))
  }
  return { ...all, stages }
}
