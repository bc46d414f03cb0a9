// Everything that a fault test breaks: Tycho's processes, a Redis with AOF, the run's control plane, pods that run
// nothing; and what the audit needs to know of it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { type ApiProxy, startApiProxy } from '../kit/api-proxy.ts'
import type { Api } from '../kit/cluster/api.ts'
import { createNamespace, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { listManaged } from '../kit/cluster/objects.ts'
import { type PodPlan, type StandInKubelet, startKubelet } from '../kit/kubelet/kubelet.ts'
import { lastingPort, type RedisServer, startRedis } from '../kit/redis.ts'
import { startTycho, type Tycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'
import { audit, type Evidence, type Promised, shapeOf } from './audit.ts'
import { createLedger, type Ledger } from './ledger.ts'
import type { Template } from './templates.ts'
import { openTold, type Told, toldSettings } from './told.ts'

export type Rig = AsyncDisposable & {
  tycho: Tycho
  ledger: Ledger
  kube: Api
  namespace: string
  kubelet: StandInKubelet
  /** Through it the workers reach the API server. */
  proxy: ApiProxy
  /** Who is told how jobs end. */
  told: Told
  /** The test's own connection, which waits while the server is away. */
  redis: Redis
  /** Ends the Redis server as a crash would; `restartRedis` starts it again with what its AOF has. */
  killRedis(): Promise<void>
  restartRedis(): Promise<void>
  signalRedis(signal: NodeJS.Signals): void
  /** Starts one system of each template without a fault, remembers what it consists of, and stops it. */
  learn(...templates: Template[]): Promise<void>
  /** Waits until a worker has sent such a request from now on. */
  untilWritten(method: string): Promise<void>
  audit(promised?: readonly Promised[]): Promise<string[]>
}

export async function openRig({
  workers = 2,
  plan,
  environment = {},
  isDirect = false,
}: {
  workers?: number
  plan?: PodPlan
  /** Past the proxy: where nothing listens, a connection is then refused instead of broken. */
  isDirect?: boolean
  /** Further settings of Tycho's processes. */
  environment?: Record<string, string>
} = {}): Promise<Rig> {
  await using opening = new AsyncDisposableStack()
  const { kubeconfig } = testCluster()
  const namespace = opening.use(await createNamespace('faults'))
  const kubelet = opening.use(
    await startKubelet(kubeconfig, { namespace: namespace.name, ...(plan && { plan }) }),
  )
  const kube = opening.use(openApi())
  const server = opening.use(await openRedisServer())
  const redis = new Redis(server.url, { maxRetriesPerRequest: null, retryStrategy: () => 100 })
  redis.on('error', () => {})
  opening.defer(() => redis.disconnect())
  const proxy = opening.use(await startApiProxy(kubeconfig))
  const tycho = opening.use(
    await startTycho({
      kubeconfig: isDirect ? kubeconfig : proxy.kubeconfig,
      namespace: namespace.name,
      workers,
      redis: server.first,
      environment: { ...toldSettings, ...environment },
    }),
  )
  const told = opening.use(await openTold(tycho))
  const ledger = createLedger(tycho, { callbackUrl: told.callbackUrl })
  const shapes = new Map<Template, string>()
  const evidence: Evidence = { tycho, ledger, kube, namespace: namespace.name, redis, told, shapes }
  const learn = async (template: Template) => {
    const name = `pattern-${template}`
    const { system } = await ledger.done((await ledger.start(name, template)).id)
    const all = await listManaged(kube, namespace.name)
    shapes.set(template, shapeOf(all.filter(({ sid }) => sid === system.sid)))
    await ledger.stop(name)
    await waitFor(`${name} to be gone`, async () =>
      (await listManaged(kube, namespace.name)).every(({ sid }) => sid !== system.sid),
    )
  }
  const opened = opening.move()
  return {
    tycho,
    ledger,
    kube,
    namespace: namespace.name,
    kubelet,
    proxy,
    redis,
    told,
    killRedis: server.kill,
    restartRedis: server.restart,
    signalRedis: server.signal,
    async learn(...templates) {
      for (const template of templates) await learn(template)
    },
    async untilWritten(method) {
      const from = proxy.requests.length
      const isSent = () => proxy.requests.slice(from).some((request) => request.method === method)
      await waitFor(`a ${method}`, isSent, { intervalMs: 5 })
    },
    audit: (promised) => audit(evidence, promised),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** A server that comes back on the same port with the same data. */
async function openRedisServer() {
  const dir = mkdtempSync(join(tmpdir(), 'tycho-faults-redis-'))
  const first: RedisServer = await startRedis({ dir, port: await lastingPort() })
  let current = first
  return {
    url: first.url,
    first,
    kill: () => current.kill(),
    signal: (signal: NodeJS.Signals) => current.signal(signal),
    async restart() {
      current = await startRedis({ dir, port: first.port })
    },
    async [Symbol.asyncDispose]() {
      await current[Symbol.asyncDispose]()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
