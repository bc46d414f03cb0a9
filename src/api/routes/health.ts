// Probes: is the process alive, and can it serve?

import type { Seen } from '../../store/health.ts'
import { isStoreOutage } from '../../store/outage.ts'
import { type OrchestratorKind, placeOf } from '../../system/orchestrator-kind.ts'
import type { App } from '../app-types.ts'
import type { ApiContext } from '../context.ts'
import { runsApart } from '../runs-apart.ts'
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
        summary: 'Redis and a worker are there; says also whether the cluster, or the Docker engine, is',
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

async function readState({ store, runsOn }: ApiContext): Promise<ReadyState> {
  try {
    const { workers, cluster } = await store.health.read()
    return toReadyState(runsOn, workers, cluster)
  } catch (error) {
    if (!isStoreOutage(error)) throw error
    const reason = `Redis does not answer: ${error instanceof Error ? error.message : 'no reason given'}`
    const state = { status: 'unavailable', redis: 'unreachable', workers: 0, orchestrator: runsOn } as const
    return { ...state, cluster: 'unreachable', reason }
  }
}

function toReadyState(orchestrator: OrchestratorKind, workers: number, seen: Seen | null): ReadyState {
  const reason = workers === 0 ? 'no worker is alive' : runsApart(orchestrator, seen)
  const state = { redis: 'reachable', workers, orchestrator } as const
  if (reason !== null) return { status: 'unavailable', ...state, cluster: 'unreachable', reason }
  if (seen?.reachable) return { status: 'ready', ...state, cluster: 'reachable' }
  const away = seen ? seen.reason : `no worker has looked at ${placeOf[orchestrator]} lately`
  return { status: 'ready', ...state, cluster: 'unreachable', reason: away }
}
