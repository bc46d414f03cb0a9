// Tries a failed job again: the same request as a new job, as long as nothing else has changed the system since.
import type { JobRecord } from '../jobs/job.ts'
import { type Verb, verbOf } from '../jobs/verbs.ts'
import type { RequestKey } from '../store/request-keys.ts'
import { stopLive } from '../store/stop-live.ts'
import { type SystemRecord, toLifetime } from '../system/system.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { apiError } from './api-error.ts'
import { changeRead } from './change-system.ts'
import type { Checked, Submission } from './check-submission.ts'
import type { ApiContext } from './context.ts'
import { enqueue } from './enqueue.ts'
import { submitChange } from './submit.ts'
import { roomOf } from './tenant-room.ts'

/**
 * Throws JOB_NOT_FOUND (404), NOT_RETRYABLE (409), NAME_TAKEN (409), InvalidSystemError (422), CONTENDED (503); of a
 * restart, a suspend and a resume what `changeSystem` throws.
 */
export async function retryJob(
  context: ApiContext,
  tenant: Tenant,
  id: string,
  requestKey: RequestKey | null,
): Promise<JobRecord> {
  const failed = await readFailed(context, tenant, id)
  if (failed.kind === 'system.stop') return retryStop(context, failed, requestKey)
  const verb = verbOf(failed.kind)
  if (verb) return retryVerb(context, tenant, failed, verb, requestKey)
  const submitted = await submitChange(context, failed.system.name, async () => {
    const system = await readSystem(context, failed)
    const submission = { ...toSubmission(tenant, failed, system), requestKey }
    return { submission, checked: await readChecked(context, failed), system }
  })
  if (submitted.outcome === 'taken') throw apiError('NAME_TAKEN', submitted.message)
  return submitted.job
}

function retryVerb(
  context: ApiContext,
  tenant: Tenant,
  failed: JobRecord,
  verb: Verb,
  requestKey: RequestKey | null,
): Promise<JobRecord> {
  const { timeoutMs, maxAttempts } = failed
  const origin = { ...failed.origin, idempotencyKey: null }
  return changeRead(
    context,
    verb,
    { timeoutMs, maxAttempts, origin, requestKey, room: roomOf(context, tenant), retryOf: failed.id },
    () => readSystem(context, failed),
  )
}

async function readFailed(context: ApiContext, tenant: Tenant, id: string): Promise<JobRecord> {
  const job = await context.store.works.job(id)
  if (!job || job.tenant !== tenant.name) throw apiError('JOB_NOT_FOUND', `There is no job ${id}`)
  if (job.status !== 'failed') {
    throw apiError('NOT_RETRYABLE', `Job ${id} is ${job.status}; only one that failed can be tried again`)
  }
  return job
}

async function retryStop(
  context: ApiContext,
  failed: JobRecord,
  requestKey: RequestKey | null,
): Promise<JobRecord> {
  const { store, ids, maxAttempts } = context
  const system = await readSystem(context, failed)
  const what = {
    volumes: failed.volumes,
    cause: failed.cause,
    retryOf: failed.id,
    requestKey,
    origin: { ...failed.origin, idempotencyKey: null },
  }
  const job = await stopLive(store.works, system, { job: ids.job(), maxAttempts, now: Date.now(), ...what })
  if (job) {
    await enqueue(context, job)
    return job
  }
  throw apiError('CONTENDED', `System ${system.name} changed meanwhile`, { retryAfterSeconds: 1 })
}

/** The system, if the failed job was the last to work on it. */
async function readSystem(context: ApiContext, failed: JobRecord): Promise<SystemRecord> {
  const { name, sid } = failed.system
  const system = await context.store.works.system(failed.tenant, name)
  if (system?.job === failed.id && system.sid === sid) return system
  const by = system ? ` by job ${system.job}` : ''
  throw apiError('NOT_RETRYABLE', `System ${name} has been changed since${by}; send the request anew`)
}

async function readChecked(context: ApiContext, { spec, system }: JobRecord): Promise<Checked> {
  const stored = await context.store.contents.get<Omit<Checked, 'name' | 'problems'>>(spec)
  if (stored) return { ...stored, name: system.name, problems: [] }
  throw apiError('NOT_RETRYABLE', `What system ${system.name} was to run is kept no longer; send it anew`)
}

function toSubmission(tenant: Tenant, failed: JobRecord, { principal }: SystemRecord): Submission {
  const { exposure, labels, timeoutMs, maxAttempts, keepOnFailure, rollback, origin } = failed
  return {
    tenant,
    name: failed.system.name,
    compose: null,
    env: {},
    files: {},
    profiles: null,
    exposure,
    labels,
    lifetime: toLifetime(failed.lifetime?.ttlMs ?? null, Date.now()),
    principal,
    ...(failed.suspended && { suspended: true }),
    timeoutMs,
    maxAttempts,
    keepOnFailure,
    rollback,
    retry: { of: failed.id, source: failed.source },
    origin: { ...origin, idempotencyKey: null },
    remarks: [],
  }
}
