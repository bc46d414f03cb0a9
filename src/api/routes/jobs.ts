// Jobs: poll one, wait for it, list them, cancel one, try a failed one again.
import type { JobRecord } from '../../jobs/job.ts'
import { toJob } from '../../jobs/job-view.ts'
import type { App } from '../app-types.ts'
import { memberKey, readBatchJobs } from '../batches/batch-lists.ts'
import { cancelJob } from '../cancel.ts'
import type { ApiContext } from '../context.ts'
import { onceJob } from '../idempotency.ts'
import { acceptedJob, answeredJob, waitForEnd, waitMsOf } from '../job-answer.ts'
import { filteredPage, fromPageToken, listOf, toPageToken } from '../pages.ts'
import { tenantOf } from '../plugins/authentication.ts'
import { answerPoll } from '../poll.ts'
import { retryJob } from '../retry.ts'
import { acceptedAnswer, createdAnswer, shownJob, unchanged } from '../schemas/answers.ts'
import { ref } from '../schemas/components.ts'
import { KeyedPreferHeaders, keyHasNoEffect } from '../schemas/idempotency.ts'
import { type JobPage, JobParams, JobQuery, JobsQuery } from '../schemas/job.ts'
import { PollHeaders, PreferHeaders, WaitQuery } from '../schemas/queries.ts'
import { ofNewSystem, refusals } from '../schemas/refusals.ts'

const tags = ['jobs']

export async function jobRoutes(scope: App, context: ApiContext): Promise<void> {
  addShowRoute(scope, context)
  addListRoute(scope, context)
  addCancelRoute(scope, context)
  addRetryRoute(scope, context)
}

function addShowRoute(scope: App, context: ApiContext): void {
  scope.get(
    '/jobs/:id',
    {
      schema: {
        tags,
        summary: 'Show a job; with `wait` once it is done, or has changed where there is `If-None-Match`',
        params: JobParams,
        querystring: JobQuery,
        headers: PollHeaders,
        response: { 200: shownJob, 304: unchanged('The job'), ...refusals('JOB_NOT_FOUND') },
      },
    },
    async (request, reply) => {
      const job = await answerPoll(context, reply, {
        id: request.params.id,
        tenant: tenantOf(request).name,
        known: request.headers['if-none-match'],
        waitMs: waitMsOf(request, reply, request.query),
      })
      // A 304 that announces a body costs the client its connection.
      return job ?? reply.code(304).send()
    },
  )
}

function addListRoute(scope: App, context: ApiContext): void {
  scope.get(
    '/jobs',
    {
      schema: {
        tags,
        summary: 'List jobs, newest first; of a batch the newest of each member, in the order of the request',
        querystring: JobsQuery,
        response: { 200: ref<JobPage>('JobPage', 'One page'), ...refusals('INVALID_PAGE_TOKEN') },
      },
    },
    async (request): Promise<JobPage> => {
      const { pageSize = 50, pageToken, status, kind, system, batch } = request.query
      const tenant = tenantOf(request)
      const list = listOf(batch ? `jobs of ${batch}` : 'jobs', tenant.name)
      const page = await filteredPage<JobRecord>({
        after: fromPageToken(list, pageToken),
        size: pageSize,
        read: batch
          ? readBatchJobs(context, tenant, batch)
          : (after, size) => context.store.lists.jobs(tenant.name, after, size),
        keep: (job) =>
          (!status || job.status === status) &&
          (!kind || job.kind === kind) &&
          (!system || job.system.name === system),
        keyOf: (job) => (batch ? memberKey(job.origin.batch) : job.id),
      })
      const jobs = page.items.map((job) => toJob(job, context.retentionMs))
      return { jobs, ...(page.next !== null && { nextPageToken: toPageToken(list, page.next) }) }
    },
  )
}

function addCancelRoute(scope: App, context: ApiContext): void {
  scope.post(
    '/jobs/:id/cancel',
    {
      schema: {
        tags,
        summary:
          'Cancel a job: 202 while what it did is undone, 200 when it is done. What a first start made is removed, an update goes back to the last good spec, a stop is refused',
        description: keyHasNoEffect('repeated, it answers the same job and changes nothing'),
        params: JobParams,
        querystring: WaitQuery,
        headers: PreferHeaders,
        response: { 200: shownJob, 202: acceptedAnswer, ...refusals('JOB_NOT_FOUND', 'CANNOT_CANCEL') },
      },
    },
    async (request, reply) => {
      const job = await cancelJob(context, tenantOf(request), request.params.id)
      const waited = await waitForEnd(context, reply, job, waitMsOf(request, reply, request.query))
      return reply.send(answeredJob(context, reply, waited))
    },
  )
}

const notRetried = [
  'JOB_NOT_FOUND',
  'COMPOSE_NOT_KEPT',
  'NOT_RETRYABLE',
  'NAME_TAKEN',
  'CHANGE_UNDER_WAY',
  'NOT_RUNNING',
  'IDEMPOTENCY_KEY_REUSED',
  'INVALID_SYSTEM',
  ...ofNewSystem,
] as const

function addRetryRoute(scope: App, context: ApiContext): void {
  scope.post(
    '/jobs/:id/retry',
    {
      schema: {
        tags,
        summary: 'Try a failed job again: a new job, with `retryOf`',
        params: JobParams,
        querystring: WaitQuery,
        headers: KeyedPreferHeaders,
        response: { 202: createdAnswer, ...refusals(...notRetried) },
      },
    },
    async (request, reply) => {
      const job = await onceJob(context, request, reply, (key) =>
        retryJob(context, tenantOf(request), request.params.id, key),
      )
      const waited = await waitForEnd(context, reply, job, waitMsOf(request, reply, request.query))
      return reply.send(acceptedJob(context, reply, waited))
    },
  )
}
