// What works on a swarm, through one of its managers, as the part of the port that is not pure.
import { untilAborted } from '../../../shared/until-aborted.ts'
import { createCapacity } from '../../engine/capacity.ts'
import { createClient } from '../../engine/client.ts'
import type { Engine, EngineOptions } from '../../engine/engine.ts'
import { createFacts } from '../../engine/engine-facts.ts'
import { createImages } from '../../engine/images.ts'
import { createNetworks } from '../../engine/networks.ts'
import { prepare } from '../../engine/prepare.ts'
import { createReachability } from '../../engine/reachability.ts'
import { createRequests } from '../../engine/requests.ts'
import { applyToSwarm } from './apply.ts'
import { dryRunOnSwarm, findSwarmDifferences } from './compare.ts'
import { listSwarm } from './list.ts'
import { readSwarmLastWords, readSwarmLogs } from './logs.ts'
import { observeSwarm } from './observe.ts'
import { discardInSwarm, pruneSwarm, removeFromSwarm } from './remove.ts'
import { createSwarmRequests } from './requests.ts'

/** Opens no connection before the first call. A manager that is away, or comes later, is found without a restart. */
export function createSwarmEngine(options: EngineOptions): Engine {
  const { log } = options
  const client = createClient(options.address)
  const requests = createRequests(client)
  const finding = { requests, swarm: createSwarmRequests(client) }
  const images = createImages(client, requests.image)
  const publicHost = async () => options.publicHost ?? (await client.address()).hostName ?? '127.0.0.1'
  const applying = {
    ...{ client, ...finding, publicHost },
    networks: createNetworks(options.subnets),
    portRange: options.ports,
  }
  const listing = { ...finding, namespaces: options.namespaces ?? null, publicHost }
  return {
    facts: createFacts(client),
    apply: (input, signal) => applyToSwarm(applying, input, signal),
    prune: (identity, stages, fence, signal) => pruneSwarm(finding, identity, stages, fence, signal),
    observe: (signal) => observeSwarm({ ...finding, log }, signal),
    // What all systems have in common here is the swarm's own.
    guard: (signal) => untilAborted(new Promise<void>(() => {}), signal).catch(() => {}),
    remove: (identity, signal, what) => removeFromSwarm(finding, identity, signal, what),
    list: (signal) => listSwarm(listing, signal),
    discard: (identity, objects, signal) => discardInSwarm(finding, identity, objects, signal),
    dryRun: (identity, stages, signal) => dryRunOnSwarm(finding, identity, stages, signal),
    differences: (identity, stages, signal) => findSwarmDifferences(finding, identity, stages, signal),
    // On the manager's own machine; the others pull with their first task.
    prepare: (input, signal) => prepare({ client, images }, input, signal),
    endPreparation: async () => [],
    preparations: async () => [],
    lastWords: (identity, service, signal) =>
      readSwarmLastWords({ ...finding, client }, identity, service, signal),
    logs: (identity, wanted, signal) => readSwarmLogs({ ...finding, client }, identity, wanted, signal),
    capacity: createCapacity({ client, requests }, options.ports),
    reviewToken: async () => null,
    reachability: createReachability(client),
    close: async () => client.close(),
  }
}
