// Tycho itself for this bench: its processes, a Redis that keeps what it is told, a tenant whose batches may be in all
// namespaces, and one who starts single systems.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import type { IssuedToken } from '../../../src/api/schemas/token.ts'
import { lastingPort, startRedis } from '../../kit/redis.ts'
import { startTycho, type Tycho, type TychoProcess } from '../../kit/tycho.ts'
import { waitFor } from '../../kit/wait.ts'
import { cpuMsOf, peakBytesOf, profiling, residentBytesOf } from '../server.ts'

export type Tenant = { namespaces: readonly string[]; headers: { authorization: string } }

export type Service = AsyncDisposable & {
  tycho: Tycho
  redis: Redis
  tenant: Tenant
  /** Of single starts; null where no namespace was given for them. */
  single: Tenant | null
  /** Where each of its processes tells its metrics. */
  metrics: string[]
  cpuMs(): Map<string, number>
  /** Bytes that each process held at most, and holds now. */
  memory(): Map<string, { peak: number; now: number }>
}

const operator = 'the-operators-own-token-of-this-bench-alone'

/** `single`: the namespace of a tenant who starts single systems. */
export type ServiceOptions = {
  kubeconfig: string
  namespaces: readonly string[]
  single: string | null
  workers: number
}

export async function openService({
  kubeconfig,
  namespaces,
  single,
  workers,
}: ServiceOptions): Promise<Service> {
  await using opening = new AsyncDisposableStack()
  const dir = mkdtempSync(join(tmpdir(), 'tycho-launch-'))
  opening.defer(() => rmSync(dir, { recursive: true, force: true }))
  const server = opening.use(await startRedis({ dir }))
  const redis = new Redis(server.url)
  opening.defer(() => redis.disconnect())
  const environment = {
    TYCHO_POLICY_FILE: writePolicy(dir, namespaces, single),
    TYCHO_ADMIN_TOKEN: operator,
    ...profiling(),
  }
  const namespace = namespaces[0] ?? 'default'
  const tycho = opening.use(
    await startTycho({ kubeconfig, namespace, workers: 0, redis: server, environment }),
  )
  const metrics = [tycho.url]
  for (let index = 0; index < workers; index += 1) metrics.push(await startWorker(tycho))
  await waitFor('the service to be ready', async () => (await tycho.send('GET', '/readyz')).status === 200)
  const tenant = { namespaces, headers: await issueToken(tycho, tenants.batch) }
  const forSingle = single && { namespaces: [single], headers: await issueToken(tycho, tenants.single) }
  const processes = () => [
    ['API', tycho.api] as const,
    ...tycho.workers.map((worker, index) => [`worker ${index + 1}`, worker] as const),
  ]
  const ofEach = <T>(read: (process: TychoProcess) => T) =>
    new Map(processes().map(([name, process]) => [name, read(process)]))
  const opened = opening.move()
  return {
    tycho,
    redis,
    tenant,
    single: forSingle || null,
    metrics,
    cpuMs: () => ofEach(({ pid }) => cpuMsOf(pid)),
    memory: () => ofEach(({ pid }) => ({ peak: peakBytesOf(pid), now: residentBytesOf(pid) })),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

const tenants = { batch: 'class', single: 'person' }

/** JSON is YAML. */
function writePolicy(dir: string, namespaces: readonly string[], single: string | null): string {
  const path = join(dir, 'policy.yaml')
  const rules = {
    [tenants.batch]: { namespaces },
    ...(single && { [tenants.single]: { namespace: single } }),
  }
  writeFileSync(path, JSON.stringify({ tenants: rules }))
  return path
}

async function startWorker(tycho: Tycho): Promise<string> {
  const port = await lastingPort()
  tycho.startWorker({ TYCHO_WORKER_PORT: `${port}` })
  const url = `http://127.0.0.1:${port}`
  await waitFor('a worker', async () => (await fetch(`${url}/readyz`)).ok, { timeoutMs: 60_000 })
  return url
}

async function issueToken(tycho: Tycho, tenant: string): Promise<Tenant['headers']> {
  const asOperator = { authorization: `Bearer ${operator}` }
  const { status, body } = await tycho.send<IssuedToken>('POST', '/v1/tokens', { tenant }, asOperator)
  if (status !== 201) throw new Error(`no token: ${status} ${JSON.stringify(body)}`)
  return { authorization: `Bearer ${body.token}` }
}
