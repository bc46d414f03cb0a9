// What this process counts, for Prometheus: without a tenant, as the probes.
import { apiError } from '../api-error.ts'
import type { App } from '../app-types.ts'
import type { ApiContext } from '../context.ts'
import { refusals } from '../schemas/refusals.ts'

export async function metricsRoutes(scope: App, { metrics }: ApiContext): Promise<void> {
  const text = {
    description: 'The metrics, as Prometheus reads them (docs/operations.md)',
    content: { 'text/plain': { schema: { type: 'string' } } },
  }
  scope.get(
    '/metrics',
    {
      schema: {
        tags: ['health'],
        summary: 'Metrics for Prometheus; with `TYCHO_METRICS_TOKEN` set, for whoever shows that token',
        response: { 200: text, ...refusals('UNAUTHENTICATED') },
      },
    },
    async (request, reply) => {
      if (!metrics.mayRead(request.headers.authorization)) {
        throw apiError(
          'UNAUTHENTICATED',
          'The metrics are for whoever shows TYCHO_METRICS_TOKEN as a bearer token',
        )
      }
      return reply
        .header('cache-control', 'no-store')
        .type(metrics.contentType)
        .send(await metrics.text())
    },
  )
}
