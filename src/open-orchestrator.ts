// Chooses the orchestrator that the process works with, and opens it.
import type { Redis } from 'ioredis'
import { type Choice, chooseOrchestrator } from './choose-orchestrator.ts'
import type { Config } from './config.ts'
import type { Log } from './log.ts'
import { createDockerOrchestrator } from './orchestrators/docker/orchestrator.ts'
import { createSwarmOrchestrator } from './orchestrators/docker/swarm/orchestrator.ts'
import { readContextNamespace } from './orchestrators/kubernetes/cluster/context-namespace.ts'
import { createWriteBudget } from './orchestrators/kubernetes/cluster/write-budget.ts'
import {
  createKubernetesOrchestrator,
  type KubernetesOptions,
} from './orchestrators/kubernetes/orchestrator.ts'
import type { Orchestrator } from './orchestrators/orchestrator.ts'
import type { Store } from './store/store.ts'
import { type OrchestratorKind, placeOf } from './system/orchestrator-kind.ts'
import { DEFAULT_POLICY } from './system/policy.ts'
import { tellClusterRequest } from './telemetry/job-spans.ts'
import type { Telemetry } from './telemetry/telemetry.ts'
import { type Policies, readPolicies } from './tenants/policy.ts'
import type { Tenancy } from './tenants/tenancy.ts'

export type Surroundings = { redis: Redis; store: Store; telemetry: Telemetry; log: Log }

/** `namespace`: where the systems run of tenants that have none of their own. */
export type Opened = { orchestrator: Orchestrator; namespace: string; tenancy: Tenancy }

/** Makes one, which opens no connection before it is asked something. */
type Make = () => Orchestrator

/** How long the first connection to Redis is waited for: without it a process starts as well. */
const redisMs = 2_000

/** Throws what can't be read of the policy file. `stack` closes it. */
export async function openOrchestrator(
  config: Config,
  surroundings: Surroundings,
  stack: AsyncDisposableStack,
): Promise<Opened> {
  const policies = await readPolicies(config.policyFile, { ...DEFAULT_POLICY, volumes: config.volumes })
  const context = await readContextNamespace(config.cluster.kubeconfig)
  const namespaceOn = (kind: OrchestratorKind) =>
    config.namespace ?? (kind === 'kubernetes' ? context : null) ?? 'default'
  const candidates = createCandidates(makersFor(config, policies, namespaceOn, surroundings))
  const kind = await choose(config, candidates, surroundings)
  const made = await candidates.take(kind)
  stack.defer(() => made.close())
  return {
    orchestrator: withPolicies(made, policies, config),
    namespace: namespaceOn(kind),
    tenancy: policies.tenancy,
  }
}

function makersFor(
  config: Config,
  policies: Policies,
  namespaceOn: (kind: OrchestratorKind) => string,
  { store, telemetry, log }: Surroundings,
): Record<OrchestratorKind, Make> {
  const namespacesOn = (kind: OrchestratorKind) => [
    ...new Set([namespaceOn(kind), ...policies.tenancy.namespaces]),
  ]
  const engineOn = (kind: OrchestratorKind) => ({
    ...config.engine,
    publicHost: config.publicHost,
    namespaces: namespacesOn(kind),
    onWatchRestart: telemetry.metrics.watchRestarted,
    log,
  })
  return {
    kubernetes: () =>
      createKubernetesOrchestrator({
        ...config.cluster,
        namespaces: namespacesOn('kubernetes'),
        metadataAddresses: policies.metadataAddresses,
        limits: policies.clusterLimits,
        writes: createWriteBudget(store.writeTokens),
        ...listeners(telemetry),
        log,
      }),
    docker: () => createDockerOrchestrator(engineOn('docker')),
    swarm: () => createSwarmOrchestrator(engineOn('swarm')),
  }
}

/** By the rule of choose-orchestrator.ts; says what was decided, and where it is not what the others work with. */
async function choose(
  config: Config,
  candidates: Candidates,
  { redis, store, log }: Surroundings,
): Promise<OrchestratorKind> {
  const isKnown = await isReady(redis)
  const inUse = isKnown ? await store.orchestrator.inUse().catch(() => null) : null
  const wanted = config.orchestrator
  const choice = await chooseOrchestrator({ wanted, inUse, answers: candidates.answers })
  log.info({ orchestrator: choice.kind }, sentenceOf(choice))
  if (inUse && inUse !== choice.kind) {
    const sentence = `systems or workers of this installation are on ${placeOf[inUse]}: this process does not see them`
    log.error({ orchestrator: choice.kind, inUse }, sentence)
  }
  // Where systems are stays what it was while they are there, whatever the setting of one process says.
  if (isKnown && !inUse && choice.because !== 'nothing')
    await store.orchestrator.note(choice.kind).catch(() => {})
  return choice.kind
}

function sentenceOf({ kind, because }: Choice): string {
  const place = placeOf[kind]
  switch (because) {
    case 'setting':
      return `systems run on ${place}, as TYCHO_ORCHESTRATOR says`
    case 'use':
      return `systems run on ${place}, where those are that run already`
    case 'answer':
      return `systems run on ${place}, which answers`
    case 'nothing':
      return 'neither a cluster nor a Docker engine answers: this waits for a cluster'
    default:
      return because satisfies never
  }
}

type Candidates = {
  answers(kind: OrchestratorKind): Promise<boolean>
  /** That one stays open, the others are closed. */
  take(kind: OrchestratorKind): Promise<Orchestrator>
}

function createCandidates(makers: Record<OrchestratorKind, Make>): Candidates {
  const made = new Map<OrchestratorKind, Orchestrator>()
  const get = (kind: OrchestratorKind) => {
    const one = made.get(kind) ?? makers[kind]()
    made.set(kind, one)
    return one
  }
  return {
    async answers(kind) {
      return (await get(kind).reachability(new AbortController().signal)).reachable
    },
    async take(kind) {
      const taken = get(kind)
      await Promise.all([...made.values()].filter((one) => one !== taken).map((one) => one.close()))
      return taken
    },
  }
}

function isReady(redis: Redis): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  if (redis.status === 'ready') return Promise.resolve(true)
  const timer = setTimeout(() => resolve(false), redisMs)
  const ready = () => resolve(true)
  redis.once('ready', ready)
  return promise.finally(() => {
    clearTimeout(timer)
    redis.off('ready', ready)
  })
}

/** What the operator says of a tenant is known to the compiler, whoever asks it. */
function withPolicies(made: Orchestrator, policies: Policies, { ingress }: Config): Orchestrator {
  return {
    ...made,
    compile: (input, facts) =>
      made.compile({ ingress, policy: policies.of(input.identity.tenant), ...input }, facts),
    objectNames: (input) => made.objectNames({ policy: policies.of(input.identity.tenant), ...input }),
  }
}

function listeners({ metrics, tracing }: Telemetry): Pick<KubernetesOptions, 'onRequest' | 'onWatchRestart'> {
  return {
    onRequest(request) {
      metrics.clusterRequest(request)
      tellClusterRequest(tracing, request)
    },
    onWatchRestart: metrics.watchRestarted,
  }
}
