// What the cluster has and what of it is used: read when somebody asks, in few and small answers, and kept for a moment.
import type {
  Bound,
  Capacity,
  CapacityAsked,
  NamespaceCapacity,
  ScaleLimits,
} from '../../../../system/capacity.ts'
import { type Cached, createCached } from '../../../shared/cached.ts'
import type { Client } from '../client.ts'
import { countObjects } from './count-objects.ts'
import { ifAllowed } from './if-allowed.ts'
import { readNamespace } from './namespace.ts'
import { readNodePorts } from './node-ports.ts'
import { readNodes } from './nodes.ts'

export type CapacityOptions = {
  client: Client
  limits: ScaleLimits
  /** Where systems run: node ports are counted there, where they may not be everywhere. */
  namespaces: readonly string[]
}

/** Long enough for those who ask at once; short, because a batch that was launched changes it. */
const times = { freshMs: 2_000, failureMs: 1_000, limitMs: 30_000 }

/** What all nodes have and run is much to read, and asked for by people. */
const nodeTimes = { ...times, freshMs: 10_000 }

/** Throws TychoError where the cluster can't tell. What may not be read is said so in the answer. */
export function createCapacity({ client, limits, namespaces }: CapacityOptions) {
  const generation = async () => (await client.connection()).generation
  const ofNamespace = new Map<string, Cached<NamespaceCapacity>>()
  const namespace = (name: string): Cached<NamespaceCapacity> => {
    const known =
      ofNamespace.get(name) ??
      createCached(times, (signal) => readNamespace(client, name, limits, signal), generation)
    ofNamespace.set(name, known)
    return known
  }
  const services = createCached(times, (signal) => readServices(client, limits, signal), generation)
  const nodePorts = createCached(
    times,
    (signal) => readNodePorts(client, limits.nodePorts, namespaces, signal),
    generation,
  )
  const nodes = createCached(nodeTimes, (signal) => readNodes(client, signal), generation)

  return async (asked: CapacityAsked, signal: AbortSignal): Promise<Capacity> => {
    const [ofNamespaces, ofServices, ofNodePorts, ofNodes] = await Promise.all([
      Promise.all(asked.namespaces.map((name) => namespace(name)(signal))),
      services(signal),
      asked.nodePorts ? nodePorts(signal) : null,
      asked.nodes ? nodes(signal) : null,
    ])
    return { namespaces: ofNamespaces, services: ofServices, nodePorts: ofNodePorts, nodes: ofNodes }
  }
}

async function readServices(client: Client, limits: ScaleLimits, signal: AbortSignal): Promise<Bound | null> {
  const used = await ifAllowed(countObjects(client, '/api/v1/services', signal))
  return used === undefined ? null : { of: 'Service', limit: limits.services, used, quota: null }
}
