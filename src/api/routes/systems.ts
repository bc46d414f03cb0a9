// Systems: start, create or update, list, show, stop.

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Job, JobRecord } from '../../jobs/job.ts'
import { type Verb, verbs } from '../../jobs/verbs.ts'
import type { SystemRecord } from '../../system/system.ts'
import { apiError } from '../api-error.ts'
import type { App } from '../app-types.ts'
import { memberKey, readBatchSystems } from '../batches/batch-lists.ts'
import { changeSystem } from '../change-system.ts'
import type { ApiContext } from '../context.ts'
import type { ErrorCode } from '../error-codes.ts'
import { onceJob } from '../idempotency.ts'
import { acceptedJob, waitForEnd, waitMsOf } from '../job-answer.ts'
import { noSystem } from '../no-system.ts'
import { filteredPage, fromPageToken, listOf, toPageToken } from '../pages.ts'
import { patchSystem } from '../patch.ts'
import { tenantOf } from '../plugins/authentication.ts'
import { composeBody, composeOptions } from '../request-with-compose.ts'
import { acceptedAnswer, createdAnswer } from '../schemas/answers.ts'
import { ref } from '../schemas/components.ts'
import { KeyedPreferHeaders } from '../schemas/idempotency.ts'
import { PreferHeaders, WaitQuery } from '../schemas/queries.ts'
import { ofNewJob, ofNewSystem, refusals } from '../schemas/refusals.ts'
import { type System, type SystemPage, SystemsQuery } from '../schemas/system.ts'
import { SystemPatch } from '../schemas/system-patch.ts'
import { NewSystemParams, StopQuery, SystemParams, SystemRequestQuery } from '../schemas/system-request.ts'
import { showSystem } from '../show-system.ts'
import { stopSystem } from '../stop.ts'
import { type Submitted, submit } from '../submit.ts'
import { toSubmission } from '../system-body.ts'

const tags = ['systems']

export async function systemRoutes(scope: App, context: ApiContext): Promise<void> {
  addSubmitRoutes(scope, context)
  addListRoute(scope, context)
  addShowRoute(scope, context)
  addPatchRoute(scope, context)
  addVerbRoutes(scope, context)
  addStopRoute(scope, context)
}

function addSubmitRoutes(scope: App, context: ApiContext): void {
  const options = composeOptions(context)
  const schema = { tags, querystring: SystemRequestQuery, body: composeBody }
  const refused = refusals('NAME_TAKEN', 'INVALID_SYSTEM', 'CALLBACK_NOT_ALLOWED', ...ofNewSystem)
  scope.post(
    '/systems',
    {
      ...options,
      schema: {
        ...schema,
        headers: KeyedPreferHeaders,
        summary: 'Start a system',
        response: { 202: createdAnswer, ...refused },
      },
    },
    (request, reply) => {
      const job = onceJob(context, request, reply, async (requestKey) => {
        const submission = toSubmission(context, request, tenantOf(request), request.query, null)
        return acceptedOf(await submit(context, { ...submission, requestKey }, 'create'))
      })
      return answerJob(context, request, reply, request.query, job)
    },
  )
  scope.put(
    '/systems/:name',
    {
      ...options,
      schema: {
        ...schema,
        headers: PreferHeaders,
        params: NewSystemParams,
        summary: 'Create a system, or update it to exactly this',
        response: {
          202: acceptedAnswer,
          ...refusals(
            'NAME_MISMATCH',
            'CHANGE_UNDER_WAY',
            'NAME_TAKEN',
            'INVALID_SYSTEM',
            'CALLBACK_NOT_ALLOWED',
            ...ofNewSystem,
          ),
        },
      },
    },
    async (request, reply) => {
      const { query, params } = request
      const submission = toSubmission(context, request, tenantOf(request), query, params.name)
      const submitted = await submit(context, submission, 'put')
      return answerJob(context, request, reply, query, acceptedOf(submitted))
    },
  )
}

/** Throws NAME_TAKEN (409). */
function acceptedOf(submitted: Submitted): JobRecord {
  if (submitted.outcome === 'taken') throw apiError('NAME_TAKEN', submitted.message)
  return submitted.job
}

async function answerJob(
  context: ApiContext,
  request: FastifyRequest,
  reply: FastifyReply,
  query: { wait?: number },
  accepting: JobRecord | Promise<JobRecord>,
): Promise<Job> {
  const job = await waitForEnd(context, reply, await accepting, waitMsOf(request, reply, query))
  return acceptedJob(context, reply, job)
}

function addPatchRoute(scope: App, context: ApiContext): void {
  scope.patch(
    '/systems/:name',
    {
      schema: {
        tags,
        summary: 'Change labels, replicas or resources of a system, until the next PUT',
        params: SystemParams,
        querystring: WaitQuery,
        headers: PreferHeaders,
        body: SystemPatch,
        response: {
          202: acceptedAnswer,
          ...refusals(
            'SYSTEM_NOT_FOUND',
            'COMPOSE_NOT_KEPT',
            'CHANGE_UNDER_WAY',
            'NAME_TAKEN',
            'INVALID_SYSTEM',
            ...ofNewJob,
          ),
        },
      },
    },
    async (request, reply): Promise<Job> => {
      const { params, body, query } = request
      const submitted = await patchSystem(context, tenantOf(request), params.name, body)
      return answerJob(context, request, reply, query, acceptedOf(submitted))
    },
  )
}

const verbSummaries = {
  restart: 'Start all services of a system anew, as their update strategies say; what it keeps stays',
  suspend: 'Let nothing of a system run, and keep all that it has: its data, its ports, its names',
  resume: 'Bring a suspended system back to what it was',
} as const satisfies Record<Verb, string>

const refusalsOf = {
  restart: ['SYSTEM_SUSPENDED', 'CHANGE_UNDER_WAY', 'NOT_RUNNING'],
  suspend: ['CHANGE_UNDER_WAY', 'NOT_RUNNING'],
  resume: ['CHANGE_UNDER_WAY', 'NOT_RUNNING'],
} as const satisfies Record<Verb, ErrorCode[]>

function addVerbRoutes(scope: App, context: ApiContext): void {
  for (const verb of verbs) {
    scope.post(
      `/systems/:name/${verb}`,
      {
        schema: {
          tags,
          summary: verbSummaries[verb],
          params: SystemParams,
          querystring: WaitQuery,
          headers: KeyedPreferHeaders,
          response: {
            202: createdAnswer,
            ...refusals('SYSTEM_NOT_FOUND', 'COMPOSE_NOT_KEPT', ...refusalsOf[verb], ...ofNewJob),
          },
        },
      },
      async (request, reply): Promise<Job> => {
        const { name } = request.params
        const job = await onceJob(context, request, reply, (requestKey) =>
          changeSystem(context, tenantOf(request), name, verb, requestKey),
        )
        const waited = await waitForEnd(context, reply, job, waitMsOf(request, reply, request.query))
        return acceptedJob(context, reply, waited)
      },
    )
  }
}

function addListRoute(scope: App, context: ApiContext): void {
  scope.get(
    '/systems',
    {
      schema: {
        tags,
        summary: 'List systems, by name',
        querystring: SystemsQuery,
        response: { 200: ref<SystemPage>('SystemPage', 'One page'), ...refusals('INVALID_PAGE_TOKEN') },
      },
    },
    async (request): Promise<SystemPage> => {
      const { pageSize = 50, pageToken, label, phase, batch } = request.query
      const tenant = tenantOf(request)
      const list = listOf(batch ? `systems of ${batch}` : 'systems', tenant.name)
      const page = await filteredPage<SystemRecord>({
        after: fromPageToken(list, pageToken),
        size: pageSize,
        read: batch
          ? readBatchSystems(context, tenant, batch)
          : (after, size) => context.store.lists.systems(tenant.name, after, size),
        keep: (system) => (!phase || system.phase === phase) && hasLabels(system, label ?? []),
        keyOf: (system) => (batch ? memberKey(system.batch) : system.name),
      })
      const systems = await Promise.all(page.items.map((record) => showSystem(context, record)))
      return { systems, ...(page.next !== null && { nextPageToken: toPageToken(list, page.next) }) }
    },
  )
}

function hasLabels(system: SystemRecord, wanted: string[]): boolean {
  return wanted.every((term) => {
    const at = term.indexOf('=')
    if (at < 0) return Object.hasOwn(system.labels, term)
    return system.labels[term.slice(0, at)] === term.slice(at + 1)
  })
}

function addShowRoute(scope: App, context: ApiContext): void {
  scope.get(
    '/systems/:name',
    {
      schema: {
        tags,
        summary:
          'Show a system; a stopped one as long as its jobs are kept, a member of a batch once it is let in',
        params: SystemParams,
        response: { 200: ref<System>('System', 'The system'), ...refusals('SYSTEM_NOT_FOUND') },
      },
    },
    async (request): Promise<System> => {
      const { name } = request.params
      const tenant = tenantOf(request).name
      const record = await context.store.works.system(tenant, name)
      if (!record) throw await noSystem(context, tenant, name)
      return showSystem(context, record)
    },
  )
}

function addStopRoute(scope: App, context: ApiContext): void {
  scope.delete(
    '/systems/:name',
    {
      schema: {
        tags,
        summary: 'Stop a system and remove what it has; wins over a running change',
        params: SystemParams,
        querystring: StopQuery,
        headers: PreferHeaders,
        response: { 202: acceptedAnswer, ...refusals('SYSTEM_NOT_FOUND', 'CONTENDED') },
      },
    },
    async (request, reply): Promise<Job> => {
      const job = await stopSystem(context, tenantOf(request), request.params.name, request.query.volumes)
      const waited = await waitForEnd(context, reply, job, waitMsOf(request, reply, request.query))
      return acceptedJob(context, reply, waited)
    },
  )
}
