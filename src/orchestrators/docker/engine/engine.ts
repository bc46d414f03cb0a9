// What works on a Docker engine, as the part of the port that is not pure.
import type { Compiler, Orchestrator } from '../../orchestrator.ts'
import type { Logger } from '../../shared/logger.ts'
import { untilAborted } from '../../shared/until-aborted.ts'
import type { EngineFacts } from '../facts.ts'
import type { AddressOptions } from './address.ts'
import { applyStage } from './apply.ts'
import { createCapacity } from './capacity.ts'
import { createClient } from './client.ts'
import { findDifferences } from './differences.ts'
import { dryRunStages } from './dry-run.ts'
import { createFacts } from './engine-facts.ts'
import { createEventStream, type EventStreamTimings, eventStreamTimings } from './event-stream.ts'
import type { PortRange } from './host-ports.ts'
import { createImages } from './images.ts'
import { readLastWords } from './last-words.ts'
import { listSystems } from './list.ts'
import { readLogs } from './logs.ts'
import { createNetworks } from './networks.ts'
import { observe } from './observe.ts'
import { prepare } from './prepare.ts'
import { discardObjects, pruneIncarnation } from './prune.ts'
import { createReachability } from './reachability.ts'
import { createRemoving } from './remove.ts'
import { createRequests } from './requests.ts'

export type EngineOptions = {
  address: AddressOptions
  /** CIDRs; each network of a system gets a /26 of them. */
  subnets: readonly string[]
  /** Of the engine's host, for what is published without a port being asked for. */
  ports: PortRange
  /** Host in the URLs of published ports; null: the engine's own, which is this machine where it has a socket. */
  publicHost: string | null
  /** Where systems are listed; left out: everywhere. */
  namespaces?: readonly string[]
  timings?: Partial<EventStreamTimings>
  /** Told of every stream of events that is opened again. */
  onWatchRestart?: (what: string, reason: 'ended' | 'failed') => void
  log: Logger
}

export type Engine = Omit<Orchestrator<EngineFacts>, 'kind' | keyof Compiler>

/** Opens no connection before the first call. An engine that is away, or comes later, is found without a restart. */
export function createEngine(options: EngineOptions): Engine {
  const { log, onWatchRestart = () => {} } = options
  const client = createClient(options.address)
  const requests = createRequests(client)
  const facts = createFacts(client)
  const events = createEventStream(client, { ...eventStreamTimings, ...options.timings }, (reason) =>
    onWatchRestart('events', reason),
  )
  const removing = createRemoving(client, requests, log)
  const publicHost = async () => options.publicHost ?? (await client.address()).hostName ?? '127.0.0.1'
  const images = createImages(client, requests.image)
  const applying = {
    client,
    requests,
    networks: createNetworks(options.subnets),
    images,
    portRange: options.ports,
    publicHost,
  }
  return {
    facts,
    apply: (input, signal) => applyStage(applying, input, signal),
    observe: (signal) => observe({ requests, events, log }, signal),
    // What all systems have in common here is the engine's own.
    guard: (signal) => untilAborted(new Promise<void>(() => {}), signal).catch(() => {}),
    prune: (identity, stages, fence, signal) =>
      pruneIncarnation({ client, requests }, identity, stages, fence, signal),
    remove: removing.remove,
    list: (signal) => listSystems({ requests, namespaces: options.namespaces ?? null, publicHost }, signal),
    discard: (identity, objects, signal) => discardObjects({ client, requests }, identity, objects, signal),
    dryRun: (identity, stages, signal) => dryRunStages(requests, identity, stages, signal),
    differences: (identity, stages, signal) => findDifferences(requests, identity, stages, signal),
    prepare: (input, signal) => prepare({ client, images }, input, signal),
    // A preparation makes nothing but the images, which stay.
    endPreparation: async () => [],
    preparations: async () => [],
    lastWords: (identity, service, signal) => readLastWords({ client, requests }, identity, service, signal),
    logs: (identity, wanted, signal) => readLogs({ client, requests, events }, identity, wanted, signal),
    capacity: createCapacity({ client, requests }, options.ports),
    // An engine knows no users.
    reviewToken: async () => null,
    reachability: createReachability(client),
    async close() {
      removing.close()
      client.close()
    },
  }
}
