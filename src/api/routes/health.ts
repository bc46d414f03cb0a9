// Probes: is the process alive, and can it serve?
import { isStoreOutage } from '../../store/outage.ts'
import type { Reachability } from '../../system/readiness.ts'
import type { App } from '../app-types.ts'
import type { ApiContext } from '../context.ts'
import { ref } from '../schemas/components.ts'
import type { Health, ReadyState } from '../schemas/health.ts'

const tags = ['health']
const retryAfterSeconds = 5

export async function healthRoutes(scope: App, context: ApiContext): Promise<void> {
  scope.get(
    '/healthz',
    { schema: { tags, summary: 'The process answers', response: { 200: ref<Health>('Health', 'It does') } } },
    async (): Promise<Health> => ({ status: 'ok' }),
  )
  scope.get(
    '/readyz',
    {
      schema: {
        tags,
        summary: 'Redis and a worker are there; says also whether the cluster is',
        response: {
          200: ref<ReadyState>('ReadyState', 'They are'),
          503: ref<ReadyState>('ReadyState', 'Redis or every worker is away'),
        },
      },
    },
    async (_request, reply) => {
      const state = await readState(context)
      reply.header('cache-control', 'no-store')
      if (state.status === 'ready') return reply.send(state)
      return reply.code(503).header('retry-after', retryAfterSeconds).send(state)
    },
  )
}

async function readState({ store }: ApiContext): Promise<ReadyState> {
  try {
    const { workers, cluster } = await store.health.read()
    return toReadyState(workers, cluster)
  } catch (error) {
    if (!isStoreOutage(error)) throw error
    const reason = `Redis does not answer: ${error instanceof Error ? error.message : 'no reason given'}`
    return { status: 'unavailable', redis: 'unreachable', workers: 0, cluster: 'unreachable', reason }
  }
}

function toReadyState(workers: number, cluster: Reachability | null): ReadyState {
  const status = workers > 0 ? 'ready' : 'unavailable'
  const state = { status, redis: 'reachable', workers } as const
  if (workers === 0) return { ...state, cluster: 'unreachable', reason: 'no worker is alive' }
  if (cluster?.reachable) return { ...state, cluster: 'reachable' }
  const reason = cluster ? cluster.reason : 'no worker has looked at the cluster lately'
  return { ...state, cluster: 'unreachable', reason }
}
