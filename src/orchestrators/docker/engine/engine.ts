// What works on a Docker engine, as the part of the port that is not pure.
import type { Orchestrator } from '../../orchestrator.ts'
import type { Logger } from '../../shared/logger.ts'
import { untilAborted } from '../../shared/until-aborted.ts'
import type { EngineFacts } from '../facts.ts'
import type { AddressOptions } from './address.ts'
import { applyStage } from './apply.ts'
import { createClient } from './client.ts'
import { createFacts } from './engine-facts.ts'
import { createEventStream, type EventStreamTimings, eventStreamTimings } from './event-stream.ts'
import type { PortRange } from './host-ports.ts'
import { createImages } from './images.ts'
import { createNetworks } from './networks.ts'
import { observe } from './observe.ts'
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
  timings?: Partial<EventStreamTimings>
  /** Told of every stream of events that is opened again. */
  onWatchRestart?: (what: string, reason: 'ended' | 'failed') => void
  log: Logger
}

export type Engine = Pick<
  Orchestrator<EngineFacts>,
  'facts' | 'apply' | 'observe' | 'guard' | 'remove' | 'reviewToken' | 'reachability' | 'close'
>

/** Opens no connection before the first call. An engine that is away, or comes later, is found without a restart. */
export function createEngine(options: EngineOptions): Engine {
  const { log, onWatchRestart = () => {} } = options
  const client = createClient(options.address)
  const requests = createRequests(client)
  const facts = createFacts(client)
  const events = createEventStream(client, { ...eventStreamTimings, ...options.timings }, (reason) =>
    onWatchRestart('events', reason),
  )
  const removing = createRemoving(requests, log)
  const publicHost = async () => options.publicHost ?? (await client.address()).hostName ?? '127.0.0.1'
  const applying = {
    client,
    requests,
    networks: createNetworks(options.subnets),
    images: createImages(client, requests.image),
    portRange: options.ports,
    publicHost,
  }
  return {
    facts,
    apply: (input, signal) => applyStage(applying, input, signal),
    observe: (signal) => observe({ requests, events, log }, signal),
    // What all systems have in common here is the engine's own.
    guard: (signal) => untilAborted(new Promise<void>(() => {}), signal).catch(() => {}),
    remove: removing.remove,
    // An engine knows no users.
    reviewToken: async () => null,
    reachability: createReachability(client),
    async close() {
      removing.close()
      client.close()
    },
  }
}
