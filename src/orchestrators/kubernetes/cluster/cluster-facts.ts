// Reads what the compiler must know of the cluster. Rights to read nodes or kube-system are welcome, not needed.
import { readFile } from 'node:fs/promises'
import { type Cached, createCached } from '../../shared/cached.ts'
import type { ClusterDns, ClusterFacts } from '../facts.ts'
import { codes, hasCode } from './api-error.ts'
import type { Client } from './client.ts'
import { readVersion } from './cluster-version.ts'
import type { KubeList, KubeObject } from './objects.ts'

export type FactsOptions = {
  /** The host of all node-port URLs; wins over what the cluster says. */
  publicHost?: string
  /** Of the host that this pod runs on: for where nodes may not be read. */
  hostAddress?: string
  dns?: { address: string; domain?: string }
  /** Of this process; it names the cluster's DNS when the process runs in a pod. */
  resolvConfPath?: string
}

const defaultDomain = 'cluster.local'
const nodesRead = 50

/** Kept for five minutes, while the cluster is the same. Throws UnavailableError (remedy `wait`) where no cluster can be reached. */
export function createFacts(client: Client, options: FactsOptions): Cached<ClusterFacts> {
  return createCached(
    { freshMs: 300_000, failureMs: 500, limitMs: 20_000 },
    async (signal) => {
      const [version, nodeAddresses, dns] = await Promise.all([
        readVersion(client, signal),
        readNodeAddresses(client, options, signal),
        readDns(client, options, signal),
      ])
      return { version, nodeAddresses, dns }
    },
    async () => (await client.connection()).generation,
  )
}

async function readNodeAddresses(
  client: Client,
  options: FactsOptions,
  signal: AbortSignal,
): Promise<string[]> {
  if (options.publicHost) return [options.publicHost]
  const nodes = await ifAllowed(
    client.request<KubeList>(
      {
        method: 'GET',
        path: '/api/v1/nodes',
        query: { limit: `${nodesRead}` },
        context: { subject: 'nodes' },
      },
      signal,
    ),
  )
  const addresses = nodes ? addressesOf(nodes.items ?? []) : []
  if (addresses.length > 0) return addresses
  return options.hostAddress ? [options.hostAddress] : []
}

type NodeStatus = {
  addresses?: { type: string; address: string }[]
  conditions?: { type: string; status: string }[]
}

/** Addresses of Nodes, those that can be reached from outside first; only of Nodes that are ready, while any is. */
export function addressesOf(nodes: readonly KubeObject[]): string[] {
  const statuses = nodes.map((node): NodeStatus => node.status ?? {})
  const ready = statuses.filter(({ conditions }) =>
    conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
  )
  const all = (ready.length > 0 ? ready : statuses).flatMap(({ addresses }) => addresses ?? [])
  const ofType = (wanted: string) => all.filter(({ type }) => type === wanted).map(({ address }) => address)
  return [...new Set([...ofType('ExternalIP'), ...ofType('InternalIP')])]
}

async function readDns(
  client: Client,
  options: FactsOptions,
  signal: AbortSignal,
): Promise<ClusterDns | null> {
  if (options.dns) return { address: options.dns.address, domain: options.dns.domain ?? defaultDomain }
  const { inPod } = await client.connection()
  const own = inPod && options.resolvConfPath ? await readResolvConf(options.resolvConfPath) : null
  if (own) return own
  const service = await ifAllowed(
    client.request<{ spec?: { clusterIP?: string } }>(
      {
        method: 'GET',
        path: '/api/v1/namespaces/kube-system/services/kube-dns',
        context: { subject: 'its DNS' },
      },
      signal,
    ),
  )
  const address = service?.spec?.clusterIP
  return address && address !== 'None' ? { address, domain: defaultDomain } : null
}

async function readResolvConf(path: string): Promise<ClusterDns | null> {
  return parseResolvConf(await readFile(path, 'utf8').catch(() => ''))
}

/** The cluster's DNS in a pod's resolv.conf; null in one that is not of a cluster (it searches no `svc.<domain>`). */
export function parseResolvConf(text: string): ClusterDns | null {
  const lines = text.split('\n').map((line) => line.trim().split(/\s+/))
  const address = lines.find(([key]) => key === 'nameserver')?.[1]
  const searched = lines.filter(([key]) => key === 'search').at(-1) ?? []
  const domain = searched.find((entry) => entry.startsWith('svc.'))?.slice('svc.'.length)
  return address && domain ? { address, domain: domain.replace(/\.$/, '') } : null
}

async function ifAllowed<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading
  } catch (error) {
    if (hasCode(error, codes.forbidden) || hasCode(error, codes.notFound)) return undefined
    throw error
  }
}
