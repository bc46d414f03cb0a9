// For the operator: what is away, and what is nobody's.
import type { App } from '../app-types.ts'
import type { ApiContext } from '../context.ts'
import { examine, removeStrays } from '../doctor.ts'
import { waitSignals } from '../job-answer.ts'
import { requireAdmin } from '../plugins/authentication.ts'
import { refusals } from '../schemas/answers.ts'
import { ref } from '../schemas/components.ts'
import { type Doctor, StrayRemoval, type StrayRemovalAnswer } from '../schemas/doctor.ts'
import { keyHasNoEffect } from '../schemas/idempotency.ts'

const tags = ['operation']

export async function doctorRoutes(scope: App, context: ApiContext): Promise<void> {
  scope.get(
    '/doctor',
    {
      schema: {
        tags,
        summary:
          'Versions, parts that are away, and objects in the cluster that no record tells of (operator)',
        response: { 200: ref<Doctor>('Doctor', 'What was found'), ...refusals() },
      },
    },
    async (request, reply): Promise<Doctor> => {
      requireAdmin(request)
      reply.header('cache-control', 'no-store')
      return examine(context, AbortSignal.any(waitSignals(context, reply)))
    },
  )
  scope.post(
    '/doctor/remove',
    {
      schema: {
        tags,
        summary: 'Remove strays by their uids (operator)',
        description: keyHasNoEffect('what is gone is not removed again; a repeated request is answered 409'),
        body: StrayRemoval,
        response: {
          202: ref<StrayRemovalAnswer>('StrayRemovalAnswer', 'Accepted: what is being removed'),
          ...refusals(400, 409, 415),
        },
      },
    },
    async (request, reply) => {
      requireAdmin(request)
      const signal = AbortSignal.any(waitSignals(context, reply))
      const strays = await removeStrays(context, request.body.objects, signal)
      return reply.code(202).send({ strays })
    },
  )
}
