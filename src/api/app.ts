// The HTTP API: what is registered, in order.
import Fastify, { type FastifyInstance, LogController } from 'fastify'
import { createIds } from '../system/ids.ts'
import { checkOpenness } from '../tenants/loopback.ts'
import type { App } from './app-types.ts'
import type { ApiContext, ApiDependencies } from './context.ts'
import { addToEveryRoute } from './document/every-route.ts'
import { createInOrder } from './in-order.ts'
import { addAudit } from './plugins/audit.ts'
import { createAuthentication } from './plugins/authentication.ts'
import { answerClientError } from './plugins/client-errors.ts'
import { addClosing } from './plugins/closing.ts'
import { addCors } from './plugins/cors.ts'
import { addDocumentation } from './plugins/documentation.ts'
import { addErrors, answerMalformedUrl, routeNotFound } from './plugins/errors.ts'
import { addHeaders, requestIdOf } from './plugins/headers.ts'
import { addTelemetry } from './plugins/telemetry.ts'
import { addValidation } from './plugins/validation.ts'
import { addYamlBody } from './plugins/yaml-body.ts'
import { createReadings } from './readings.ts'
import { batchRoutes } from './routes/batches.ts'
import { compileRoutes } from './routes/compile.ts'
import { doctorRoutes } from './routes/doctor.ts'
import { eventRoutes } from './routes/events.ts'
import { healthRoutes } from './routes/health.ts'
import { jobRoutes } from './routes/jobs.ts'
import { logRoutes } from './routes/logs.ts'
import { metricsRoutes } from './routes/metrics.ts'
import { originalRoutes } from './routes/original.ts'
import { preparationRoutes } from './routes/preparations.ts'
import { systemSourceRoutes } from './routes/system-sources.ts'
import { systemRoutes } from './routes/systems.ts'
import { tokenRoutes } from './routes/tokens.ts'
import { webhookDeliveryRoutes } from './routes/webhook-deliveries.ts'
import { webhookRoutes } from './routes/webhooks.ts'
import { createTurns } from './turns.ts'

export type { ApiDependencies, ApiSettings } from './context.ts'

/** Requests that no route gives more room for. */
const bodyLimitBytes = 64 * 1024

/**
 * Milliseconds in which the headers of a request, and all of it, must have come. How long its answer takes is another
 * matter: waits and streams are not cut. 16 MiB in two minutes is a slow line.
 */
const receiving = { headersMs: 20_000, requestMs: 120_000 }

/**
 * The application, ready to listen or to be injected requests. What it is given stays its owner's to close; `close()`
 * ends the waits of clients first.
 */
export async function createApp(dependencies: ApiDependencies): Promise<FastifyInstance> {
  checkOpenness(dependencies)
  const closing = new AbortController()
  const context: ApiContext = {
    ...dependencies,
    ids: createIds(),
    closing: closing.signal,
    readings: createReadings(),
    takeTurn: createTurns(),
    inOrder: createInOrder(),
  }
  const { headersMs, requestMs } = dependencies.receiving ?? receiving
  const app = Fastify({
    loggerInstance: dependencies.log,
    // Its lines hold the URL with its query, in which the values of variables may stand.
    logController: new LogController({ disableRequestLogging: true }),
    // What is logged of a request names it; a logger for each would be made in vain for nearly all.
    childLoggerFactory: (logger) => logger,
    bodyLimit: bodyLimitBytes,
    genReqId: requestIdOf,
    trustProxy: dependencies.trustedProxies.length > 0 ? [...dependencies.trustedProxies] : false,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 500 },
    frameworkErrors: answerMalformedUrl,
    clientErrorHandler: answerClientError,
    requestTimeout: requestMs,
    http: {
      headersTimeout: Math.min(headersMs, requestMs),
      connectionsCheckingInterval: Math.min(headersMs, 5_000),
    },
  })
  addTelemetry(app, context)
  addClosing(app, closing)
  addHeaders(app)
  addValidation(app)
  addErrors(app, dependencies.log)
  // A form or a text can be posted by any page of the web without asking first.
  app.removeContentTypeParser('text/plain')
  await addCors(app, dependencies.corsOrigins)
  addToEveryRoute(app)
  await addDocumentation(app)
  await addRoutes(app, context)
  await app.ready()
  return app
}

/** Each scope with a tenant answers its unknown routes itself, so that they need one too. */
async function addRoutes(app: App, context: ApiContext): Promise<void> {
  const addAuthentication = createAuthentication(context)
  await app.register(async (scope) => healthRoutes(scope, context))
  await app.register(async (scope) => metricsRoutes(scope, context))
  await app.register(
    async (scope: App) => {
      addAuthentication(scope)
      addAudit(scope, context.log)
      scope.setNotFoundHandler(routeNotFound)
      await scope.register(async (taking: App) => {
        addYamlBody(taking)
        await systemRoutes(taking, context)
        await compileRoutes(taking, context)
      })
      await systemSourceRoutes(scope, context)
      await logRoutes(scope, context)
      await batchRoutes(scope, context)
      await preparationRoutes(scope, context)
      await jobRoutes(scope, context)
      await eventRoutes(scope, context)
      await doctorRoutes(scope, context)
      await tokenRoutes(scope, context)
      await webhookRoutes(scope, context)
      await webhookDeliveryRoutes(scope, context)
    },
    { prefix: '/v1' },
  )
  await app.register(
    async (scope: App) => {
      addAuthentication(scope)
      addAudit(scope, context.log)
      await originalRoutes(scope, context)
    },
    { prefix: '/system' },
  )
}
