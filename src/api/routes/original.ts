// The three endpoints of the original Tycho: its words and its envelope, our jobs behind them.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Job, JobRecord } from '../../jobs/job.ts'
import { isDone } from '../../jobs/transitions.ts'
import { apiError } from '../api-error.ts'
import type { App } from '../app-types.ts'
import type { ApiContext } from '../context.ts'
import { onceJob } from '../idempotency.ts'
import { acceptedJob, waitForEnd } from '../job-answer.ts'
import { success, toErrorEnvelope, toStartResult, toSystemStatus } from '../original/envelope.ts'
import { jobFailure } from '../original/failed-job.ts'
import { findSystem, listSystems } from '../original/find-systems.ts'
import { startUnderFreshName } from '../original/start.ts'
import { toOriginalSubmission } from '../original/start-request.ts'
import { readUtilization } from '../original/utilization.ts'
import { tenantOf } from '../plugins/authentication.ts'
import { createErrorHandler, routeNotFound } from '../plugins/errors.ts'
import { parsePrefer } from '../prefer.ts'
import { jobLocation, pollHeaders } from '../schemas/answers.ts'
import { ref } from '../schemas/components.ts'
import { KeyedPreferHeaders, keyHasNoEffect } from '../schemas/idempotency.ts'
import {
  OriginalDelete,
  type OriginalError,
  OriginalStart,
  OriginalStatus,
  type StatusAnswer,
} from '../schemas/original.ts'
import { PreferHeaders } from '../schemas/queries.ts'
import { ofNewSystem, refusals } from '../schemas/refusals.ts'
import { stopSystem } from '../stop.ts'

const tags = ['original']

export async function originalRoutes(scope: App, context: ApiContext): Promise<void> {
  scope.setErrorHandler(createErrorHandler(scope.logError, toErrorEnvelope))
  scope.setNotFoundHandler(routeNotFound)
  addStart(scope, context)
  addStatus(scope, context)
  addDelete(scope, context)
}

const done = (name: 'StartAnswer' | 'DeleteAnswer', description: string) => ({
  description,
  headers: { Location: jobLocation },
  content: { 'application/json': { schema: ref<unknown>(name, description) } },
})

const pending = (name: 'StartAnswer' | 'DeleteAnswer') => ({
  description: 'Not done when the wait was over; with `Prefer: respond-async` the job, at once',
  headers: {
    Location: jobLocation,
    ETag: { ...pollHeaders.ETag, 'x-sometimes': true },
    'Retry-After': pollHeaders['Retry-After'],
  },
  content: {
    'application/json': {
      schema: { anyOf: [ref<unknown>(name, 'What there is'), ref<Job>('Job', 'The job')] },
    },
  },
})

const failed = {
  description:
    'Refused, or the job that was waited for has failed: why, with the code of the one or the other',
  headers: { Location: { ...jobLocation, 'x-sometimes': true } },
  content: { 'application/json': { schema: ref<OriginalError>('OriginalError', 'Why') } },
}

/** Where the job may have failed: its codes are in no catalogue of refusals. */
const failures = { 409: failed, 500: failed, 503: failed, 504: failed }

function addStart(scope: App, context: ApiContext): void {
  const { composeLimitBytes } = context
  scope.post(
    '/start',
    {
      bodyLimit: 6 * composeLimitBytes + 256 * 1024,
      config: { composeLimitBytes },
      schema: {
        tags,
        summary: 'Start a system and wait for it',
        headers: KeyedPreferHeaders,
        body: OriginalStart,
        response: {
          200: done('StartAnswer', 'The system is ready'),
          202: pending('StartAnswer'),
          ...refusals('INVALID_SYSTEM', ...ofNewSystem),
          ...failures,
        },
      },
    },
    async (request, reply) => {
      const job = await onceJob(context, request, reply, async (requestKey) => {
        const submission = toOriginalSubmission(context, tenantOf(request), request.body)
        return startUnderFreshName(context, { ...submission, requestKey })
      })
      return answerJob(context, request, reply, job, {
        verb: 'start',
        done: (one) => success(toStartResult(one), `Started system ${one.system.name}`),
        pending: (one) =>
          success(toStartResult(one), `System ${one.system.name} is starting: ${one.message}`),
      })
    },
  )
}

function addDelete(scope: App, context: ApiContext): void {
  scope.post(
    '/delete',
    {
      schema: {
        tags,
        summary: 'Stop a system and wait until nothing is left of it',
        description: keyHasNoEffect('repeated, it answers the same job; 404 when nothing is left'),
        headers: PreferHeaders,
        body: OriginalDelete,
        response: {
          200: done('DeleteAnswer', 'Nothing is left of it'),
          202: pending('DeleteAnswer'),
          ...refusals('SYSTEM_NOT_FOUND'),
          ...failures,
        },
      },
    },
    async (request, reply) => {
      const { name } = request.body
      const tenant = tenantOf(request)
      const system = await findSystem(context, tenant, name)
      if (!system) throw apiError('SYSTEM_NOT_FOUND', `There is no system ${name}`)
      const job = await stopSystem(context, tenant, system.name)
      return answerJob(context, request, reply, job, {
        verb: 'delete',
        done: () => success(null, `Deleted system ${name}`),
        pending: (one) => success(null, `System ${name} is being deleted: ${one.message}`),
      })
    },
  )
}

type JobAnswers = { verb: string; done: (job: JobRecord) => unknown; pending: (job: JobRecord) => unknown }

/** Waits for the job, unless the client prefers not to; throws what it failed of. */
async function answerJob(
  context: ApiContext,
  request: FastifyRequest,
  reply: FastifyReply,
  accepted: JobRecord,
  answers: JobAnswers,
) {
  if (parsePrefer(request.headers.prefer).respondAsync) {
    reply.header('preference-applied', 'respond-async')
    return reply.send(acceptedJob(context, reply, accepted))
  }
  const job = await waitForEnd(context, reply, accepted, context.legacyWaitMs)
  reply.header('location', `/v1/jobs/${job.id}`)
  if (!isDone(job)) return reply.code(202).send(answers.pending(job))
  if (job.status !== 'succeeded') throw jobFailure(job, answers.verb)
  return reply.send(answers.done(job))
}

function addStatus(scope: App, context: ApiContext): void {
  scope.post(
    '/status',
    {
      config: { scope: 'read' },
      schema: {
        tags,
        summary: 'List systems, or one by name or sid, or those of a user',
        description: keyHasNoEffect('it only reads'),
        body: OriginalStatus,
        response: { 200: ref<StatusAnswer>('StatusAnswer', 'The systems') },
      },
    },
    async (request): Promise<StatusAnswer> => {
      const { name, username } = request.body
      const tenant = tenantOf(request)
      const named = name ? await findSystem(context, tenant, name) : null
      const systems = name
        ? [named].filter((one) => one !== null)
        : await listSystems(context, tenant, username ?? null)
      const wanted = username ? systems.filter((one) => one.principal === username) : systems
      const shown = wanted.map(async (one) => toSystemStatus(one, await readUtilization(context, one)))
      return success(await Promise.all(shown), 'Listed systems')
    },
  )
}
