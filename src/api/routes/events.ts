// Streams of events: of a job, of a system, of a tenant.
import { apiError } from '../api-error.ts'
import type { App } from '../app-types.ts'
import type { ApiContext } from '../context.ts'
import { openEventStream } from '../event-stream.ts'
import { createJobMessages } from '../job-messages.ts'
import { noSystem } from '../no-system.ts'
import { tenantOf } from '../plugins/authentication.ts'
import { eventStream } from '../schemas/answers.ts'
import { TenantEventsQuery } from '../schemas/event.ts'
import { JobParams } from '../schemas/job.ts'
import { EventHeaders, NoQuery } from '../schemas/queries.ts'
import { refusals } from '../schemas/refusals.ts'
import { SystemParams } from '../schemas/system-request.ts'
import { createSystemMessages } from '../system-messages.ts'
import { createTenantMessages } from '../tenant-messages.ts'

export async function eventRoutes(scope: App, context: ApiContext): Promise<void> {
  addJobEvents(scope, context)
  addSystemEvents(scope, context)
  addTenantEvents(scope, context)
}

function addJobEvents(scope: App, context: ApiContext): void {
  const messages = createJobMessages(context)
  const schema = {
    tags: ['jobs'],
    summary: 'Follow a job: its present state, then each newer one; the last event is `done`',
    params: JobParams,
    querystring: NoQuery,
    headers: EventHeaders,
    response: {
      200: eventStream('Events `job`, and `done` at the end, each with the job; `id` is its revision'),
      ...refusals('JOB_NOT_FOUND', 'NOT_ACCEPTABLE'),
    },
  }
  scope.get('/jobs/:id/events', { schema }, (request, reply) =>
    openEventStream(context, request, reply, async ({ signal }) => {
      const { id } = request.params
      const job = await context.store.works.job(id)
      if (job?.tenant !== tenantOf(request).name) throw apiError('JOB_NOT_FOUND', `There is no job ${id}`)
      return messages(id, signal)
    }),
  )
}

function addSystemEvents(scope: App, context: ApiContext): void {
  const messages = createSystemMessages(context)
  const schema = {
    tags: ['systems'],
    summary: 'Follow a system: its present state, then each newer one, over stops and new starts',
    params: SystemParams,
    querystring: NoQuery,
    headers: EventHeaders,
    response: {
      200: eventStream(
        'Events `system` with the system; `id` is its revision. `gone`, the last one, when a stopped system is kept no longer',
      ),
      ...refusals('SYSTEM_NOT_FOUND', 'NOT_ACCEPTABLE'),
    },
  }
  scope.get('/systems/:name/events', { schema }, (request, reply) =>
    openEventStream(context, request, reply, async ({ signal }) => {
      const { name } = request.params
      const tenant = tenantOf(request).name
      if (!(await context.store.works.system(tenant, name))) throw await noSystem(context, tenant, name)
      return messages(tenant, name, signal)
    }),
  )
}

function addTenantEvents(scope: App, context: ApiContext): void {
  const messages = createTenantMessages(context)
  const schema = {
    tags: ['events'],
    summary: 'Follow what happens to all systems of the tenant; comes back where it was by `Last-Event-ID`',
    querystring: TenantEventsQuery,
    headers: EventHeaders,
    response: {
      200: eventStream(
        'First `ready`, then events named as their types; `gap` where some are kept no longer',
      ),
      ...refusals('NOT_ACCEPTABLE'),
    },
  }
  scope.get('/events', { schema }, (request, reply) =>
    openEventStream(context, request, reply, (stream) =>
      messages({ tenant: tenantOf(request).name, types: request.query.type }, stream),
    ),
  )
}
