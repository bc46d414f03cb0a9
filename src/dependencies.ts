// Opens what the API and the workers share, and closes it in reverse.
import { Redis } from 'ioredis'
import type { Config } from './config.ts'
import type { Log } from './log.ts'
import { readContextNamespace } from './orchestrators/kubernetes/cluster/context-namespace.ts'
import { createWriteBudget } from './orchestrators/kubernetes/cluster/write-budget.ts'
import { createKubernetesOrchestrator } from './orchestrators/kubernetes/orchestrator.ts'
import type { Orchestrator } from './orchestrators/orchestrator.ts'
import { createStore, type Store } from './store/store.ts'
import { DEFAULT_POLICY } from './system/policy.ts'
import { createTasks, type Tasks } from './tasks/queues.ts'
import { readPolicies } from './tenants/policy.ts'

export type Dependencies = {
  store: Store
  tasks: Tasks
  orchestrator: Orchestrator
  redis: Redis
  /** Where systems run. */
  namespace: string
}

/**
 * `impatient`: commands fail at once while Redis is away, as a server that answers 503 needs; else they wait for it.
 * `stack` closes everything.
 */
export async function openDependencies(
  config: Config,
  log: Log,
  stack: AsyncDisposableStack,
  options: { impatient: boolean },
): Promise<Dependencies> {
  const url = config.redisUrl ?? 'redis://127.0.0.1:6379'
  const redis = openRedis(url, stack, options.impatient)
  sayReachability(redis, log)
  const subscriber = openRedis(url, stack, false)
  const store = await createStore(redis, subscriber, config)
  stack.use(store.changes)
  const tasks = createTasks(redis, { prefix: config.prefix, onError: () => {} })
  stack.use(tasks)
  const { kubeconfig } = config.cluster
  const namespace = config.namespace ?? (await readContextNamespace(kubeconfig)) ?? 'default'
  const policies = await readPolicies(config.policyFile, { ...DEFAULT_POLICY, volumes: config.volumes })
  const kubernetes: Orchestrator = createKubernetesOrchestrator({
    ...config.cluster,
    namespaces: [namespace],
    metadataAddresses: policies.metadataAddresses,
    writes: createWriteBudget(store.writeTokens),
    log,
  })
  stack.defer(() => kubernetes.close())
  const orchestrator: Orchestrator = {
    ...kubernetes,
    compile: (input, facts) =>
      kubernetes.compile(
        { ingress: config.ingress, policy: policies.of(input.identity.tenant), ...input },
        facts,
      ),
  }
  return { store, tasks, orchestrator, redis, namespace }
}

function openRedis(url: string, stack: AsyncDisposableStack, impatient: boolean): Redis {
  const redis = new Redis(url, {
    maxRetriesPerRequest: impatient ? 0 : null,
    enableOfflineQueue: !impatient,
    connectTimeout: 5_000,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), 2_000),
    ...(impatient && { commandTimeout: 5_000 }),
  })
  redis.on('error', () => {})
  stack.defer(() => redis.disconnect())
  return redis
}

/** One line when Redis goes, one when it is back. */
function sayReachability(redis: Redis, log: Log): void {
  let away = false
  redis.on('error', (error: Error) => {
    if (!away) log.error({ reason: error.message }, 'Redis is away; trying again until it is back')
    away = true
  })
  redis.on('ready', () => {
    if (away) log.info('Redis is back')
    away = false
  })
}
