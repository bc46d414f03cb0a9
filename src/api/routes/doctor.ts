// For the operator: what is away, and what is nobody's.
import type { App } from '../app-types.ts'
import type { ApiContext } from '../context.ts'
import { examine, removeStrays } from '../doctor.ts'
import { waitSignals } from '../job-answer.ts'
import { ref } from '../schemas/components.ts'
import { type Doctor, StrayRemoval, type StrayRemovalAnswer } from '../schemas/doctor.ts'
import { keyHasNoEffect } from '../schemas/idempotency.ts'
import { ofCluster, refusals } from '../schemas/refusals.ts'

const tags = ['operation']
const config = { scope: 'admin' as const }

export async function doctorRoutes(scope: App, context: ApiContext): Promise<void> {
  scope.get(
    '/doctor',
    {
      config,
      schema: {
        tags,
        summary:
          'Versions, parts that are away, and objects in the cluster that no record tells of (operator)',
        response: { 200: ref<Doctor>('Doctor', 'What was found'), ...refusals(...ofCluster) },
      },
    },
    async (_request, reply): Promise<Doctor> => {
      reply.header('cache-control', 'no-store')
      return examine(context, AbortSignal.any(waitSignals(context, reply)))
    },
  )
  scope.post(
    '/doctor/remove',
    {
      config,
      schema: {
        tags,
        summary: 'Remove strays by their uids (operator)',
        description: keyHasNoEffect('what is gone is not removed again; a repeated request is answered 409'),
        body: StrayRemoval,
        response: {
          202: ref<StrayRemovalAnswer>('StrayRemovalAnswer', 'Accepted: what is being removed'),
          ...refusals('NOT_A_STRAY', ...ofCluster),
        },
      },
    },
    async (request, reply) => {
      const signal = AbortSignal.any(waitSignals(context, reply))
      const strays = await removeStrays(context, request.body.objects, signal)
      return reply.code(202).send({ strays })
    },
  )
}
