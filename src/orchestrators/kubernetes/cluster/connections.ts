// The connection to the cluster that is configured now: found late, followed when its file changes.
import { TychoError } from '../../../problem.ts'
import type { Logger } from '../../shared/logger.ts'
import { type Credentials, createCredentials } from './credentials.ts'
import { createDispatchers, type Dispatchers } from './dispatchers.ts'
import { type FoundKubeconfig, findKubeconfig, type KubeconfigSources } from './kubeconfig.ts'

/**
 * One cluster, one identity. `namespace` is that of the kubeconfig's context; `generation` counts the clusters and
 * identities until this one, so that what was read of another is not taken for it.
 */
export type Connection = {
  generation: number
  server: string
  namespace: string
  inPod: boolean
  dispatchers: Dispatchers
  headers: Record<string, string>
}

export type Connections = {
  /** Throws UnavailableError (remedy `wait`) where no cluster is configured. */
  current(): Promise<Connection>
  /** Forgets credentials that were refused; the next call reads everything anew. */
  renew(): void
  close(): Promise<void>
}

type Cluster = {
  key: string
  server: string
  namespace: string
  inPod: boolean
  credentials: () => Promise<Credentials>
}
type Pool = { key: string; dispatchers: Dispatchers }

const lookAgainMs = 1_000

export function createConnections(sources: KubeconfigSources, log: Logger): Connections {
  let looking: Promise<Cluster> | undefined
  let lookedAt = 0
  let cluster: Cluster | undefined
  let pool: Pool | undefined
  let generation = 0
  let isClosed = false

  /** Concurrent callers share one look at the files, and one look serves for a second. */
  function look(): Promise<Cluster> {
    if (looking && performance.now() - lookedAt < lookAgainMs) return looking
    lookedAt = performance.now()
    const next = follow()
    next.catch(() => {
      if (looking === next) looking = undefined
    })
    looking = next
    return next
  }

  async function follow(): Promise<Cluster> {
    const found = await findKubeconfig(sources)
    if (cluster?.key === found.key) return cluster
    cluster = await loadCluster(found)
    log.info({ server: cluster.server, from: found.origin }, 'found the cluster')
    return cluster
  }

  /** Other TLS material (a renewed certificate, another cluster) means other connections; the old ones end. */
  function poolFor({ key, server }: Cluster, credentials: Credentials): Dispatchers {
    const poolKey = `${key}|${server}|${credentials.tlsKey}`
    if (pool?.key === poolKey) return pool.dispatchers
    void pool?.dispatchers.retire()
    generation += 1
    pool = { key: poolKey, dispatchers: createDispatchers(credentials.dispatcher) }
    return pool.dispatchers
  }

  return {
    async current() {
      const found = await look()
      const credentials = await found.credentials()
      if (isClosed)
        throw new TychoError('CLUSTER_CLOSED', 'The connection to the cluster is closed', { status: 503 })
      const { server, namespace, inPod } = found
      const dispatchers = poolFor(found, credentials)
      return { generation, server, namespace, inPod, headers: credentials.headers, dispatchers }
    },
    renew() {
      cluster = undefined
      looking = undefined
    },
    async close() {
      isClosed = true
      await pool?.dispatchers.destroy()
    },
  }
}

async function loadCluster(found: FoundKubeconfig): Promise<Cluster> {
  const config = await found.load()
  const context = config.getContextObject(config.getCurrentContext())
  return {
    key: found.key,
    server: config.getCurrentCluster()?.server ?? '',
    namespace: context?.namespace ?? 'default',
    inPod: found.inPod,
    credentials: createCredentials(config),
  }
}
