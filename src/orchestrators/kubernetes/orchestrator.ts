// Kubernetes as an orchestrator: the pure compiler and the engine that works on a cluster, as one port.
import { DEFAULT_SCALE_LIMITS, type ScaleLimits } from '../../system/capacity.ts'
import { METADATA_ADDRESSES } from '../../system/policy.ts'
import type { Orchestrator } from '../orchestrator.ts'
import type { Logger } from '../shared/logger.ts'
import { createApply } from './cluster/apply.ts'
import { createBudgetedWrite } from './cluster/budgeted-write.ts'
import { createCapacity } from './cluster/capacity/capacity.ts'
import { createClient, type RequestListener } from './cluster/client.ts'
import { createFacts, type FactsOptions } from './cluster/cluster-facts.ts'
import { createVersion } from './cluster/cluster-version.ts'
import { createConnections } from './cluster/connections.ts'
import { findDifferences } from './cluster/differences.ts'
import { dryRunStages } from './cluster/dry-run.ts'
import { guard } from './cluster/guard.ts'
import { createIncarnationLists } from './cluster/incarnation-lists.ts'
import type { KubeconfigSources } from './cluster/kubeconfig.ts'
import { readLastWords } from './cluster/last-words.ts'
import { createList } from './cluster/list.ts'
import { readLogs } from './cluster/logs.ts'
import { observe } from './cluster/observe.ts'
import { endPreparation, listPreparations } from './cluster/preparations.ts'
import { prepare } from './cluster/prepare.ts'
import { createReachability } from './cluster/reachability.ts'
import { discardObjects, pruneIncarnation, removeIncarnation } from './cluster/remove.ts'
import { createResources } from './cluster/resources.ts'
import { reviewToken } from './cluster/token-review.ts'
import { type RestartListener, type WatchTimings, watchTimings } from './cluster/watch-kind.ts'
import { unlimitedWrites, type WriteBudget, type WriteUse } from './cluster/write-budget.ts'
import { createWriteWindow } from './cluster/write-window.ts'
import { createKubernetesCompiler } from './compile/compiler.ts'
import { createEgressGuard } from './compile/egress-guard.ts'
import type { ClusterFacts } from './facts.ts'

export type KubernetesOptions = {
  kubeconfig: KubeconfigSources
  facts?: FactsOptions
  /** Observed where not all namespaces may be; left out: that of the kubeconfig's context. */
  namespaces?: readonly string[]
  /** CIDRs that no pod of a system reaches; left out: those of the clouds' metadata. */
  metadataAddresses?: readonly string[]
  /** How much the cluster is made for; left out: what Kubernetes is. */
  limits?: ScaleLimits
  timings?: Partial<WatchTimings>
  /** How many writes the cluster gets; left out: as many as there are. */
  writes?: WriteBudget
  /** Told of every request to the cluster. */
  onRequest?: RequestListener
  /** Told of every watch that is opened again. */
  onWatchRestart?: RestartListener
  log: Logger
}

export type KubernetesOrchestrator = Orchestrator<ClusterFacts>

/** Who removes many systems at once reads what stands of several of them at a time. */
const gatherMs = 250

/**
 * Opens no connection before the first call. A cluster that is not there yet, or is another one later, is found
 * without a restart; until then the calls throw UnavailableError (remedy `wait`).
 */
export function createKubernetesOrchestrator(options: KubernetesOptions): KubernetesOrchestrator {
  const connections = createConnections(options.kubeconfig, options.log)
  const client = createClient(connections, options.onRequest)
  const writing = { budget: options.writes ?? unlimitedWrites, window: createWriteWindow() }
  const version = createVersion(client)
  const resourcesFor = (use: WriteUse) =>
    createResources(client, createBudgetedWrite(client, writing, use), version)
  const resources = resourcesFor('update')
  const starting = resourcesFor('start')
  const bulk = resourcesFor('bulk')
  const removing = {
    resources: resourcesFor('removal'),
    lists: createIncarnationLists(resources),
    leavesOwned: false,
  }
  const removingMany = {
    resources: bulk,
    lists: createIncarnationLists(resources, gatherMs),
    leavesOwned: true,
  }
  const facts = createFacts(client, options.facts ?? {})
  const observing = {
    client,
    resources,
    namespaces: options.namespaces ?? [],
    timings: { ...watchTimings, ...options.timings },
    onRestart: options.onWatchRestart ?? (() => {}),
    log: options.log,
  }
  const policy = createEgressGuard(options.metadataAddresses ?? METADATA_ADDRESSES)
  const guarding = { ...observing, facts, policy }
  return {
    kind: 'kubernetes',
    ...createKubernetesCompiler(),
    facts,
    apply: createApply((input) => {
      if (input.givesWay) return bulk
      return input.mode === 'create' ? starting : resources
    }, facts),
    prune: (identity, stages, fence, signal) => pruneIncarnation(removing, identity, stages, fence, signal),
    observe: (signal) => observe(observing, signal),
    guard: (signal) => guard(guarding, signal),
    remove: (identity, signal, { givesWay = false, ...what } = {}) =>
      removeIncarnation(givesWay ? removingMany : removing, identity, signal, what),
    list: createList({ client, resources, namespaces: options.namespaces ?? [], facts }),
    discard: (identity, objects, signal) => discardObjects(removing, identity, objects, signal),
    dryRun: (identity, stages, signal) => dryRunStages(resources, identity, stages, signal),
    differences: (identity, stages, signal) => findDifferences(resources, identity, stages, signal),
    prepare: (input, signal) => prepare(bulk, input, signal),
    endPreparation: (ref, signal) => endPreparation(removing.resources, ref, signal),
    preparations: (signal) =>
      listPreparations({ client, resources, namespaces: options.namespaces ?? [] }, signal),
    lastWords: (identity, service, signal) => readLastWords(client, resources, identity, service, signal),
    logs: (identity, wanted, signal) => readLogs({ ...observing, client }, identity, wanted, signal),
    capacity: createCapacity({
      client,
      limits: options.limits ?? DEFAULT_SCALE_LIMITS,
      namespaces: options.namespaces ?? [],
    }),
    reviewToken: (token, audiences, signal) => reviewToken(client, token, audiences, signal),
    reachability: createReachability(client, version),
    close: () => connections.close(),
  }
}
