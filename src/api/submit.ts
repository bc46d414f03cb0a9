// Accepts a start or an update: checked first, then written in one script, then put in the queue.
import { isDeepStrictEqual } from 'node:util'
import { acceptStart, acceptUpdate, type StartRequest } from '../jobs/accept.ts'
import { isLeaving, isOnItsWay } from '../jobs/cancel.ts'
import type { JobRecord } from '../jobs/job.ts'
import { isDone } from '../jobs/transitions.ts'
import { superseded } from '../jobs/work.ts'
import { type Content, toContent } from '../store/contents.ts'
import type { SystemIdentity, SystemSpec } from '../system/spec.ts'
import { isEnded, type SystemRecord } from '../system/system.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { apiError } from './api-error.ts'
import { checkCallback } from './callback.ts'
import { type Checked, checkCompiles, checkSubmission, type Submission } from './check-submission.ts'
import type { ApiContext } from './context.ts'
import { enqueue } from './enqueue.ts'
import { repeated } from './idempotency.ts'
import { fullError, roomOf } from './tenant-room.ts'

/** `create`: the name must be free. `put`: create or update to exactly this. */
export type SubmitMode = 'create' | 'put'

/** `taken`: the name, or that of an object, is held by another system; says by which. */
export type Submitted = { outcome: 'accepted'; job: JobRecord } | { outcome: 'taken'; message: string }

/** How often a request is decided anew because the system changed meanwhile. */
const attempts = 10

/**
 * Checks and accepts a submission; nothing is written for one that is refused. Throws InvalidSystemError (422),
 * CALLBACK_NOT_ALLOWED (422), COMPOSE_TOO_LARGE (413), CHANGE_UNDER_WAY (409), SYSTEM_LIMIT (403), JOB_LIMIT (429),
 * QUEUE_FULL and CONTENDED (503).
 */
export async function submit(
  context: ApiContext,
  submission: Submission,
  mode: SubmitMode,
): Promise<Submitted> {
  if (submission.isLong) await context.takeTurn()
  const checked = checkSubmission(context, submission)
  const { callback } = submission.origin
  if (callback) await checkCallback(context, callback.url, callback.events)
  // The name of most creates is new: the write says if it is not, which saves reading what is not there.
  const optimistic = mode === 'create' ? await submitFirst(context, submission, checked, null) : 'stale'
  if (optimistic !== 'stale') return optimistic
  return again(checked.name, async () => {
    const before = await context.store.works.system(submission.tenant.name, checked.name)
    const live = before && !isEnded(before) ? before : null
    return live
      ? submitToLive(context, submission, checked, live, mode)
      : submitFirst(context, submission, checked, before)
  })
}

/**
 * `read` gives a system and what it is to become, each time anew; one of which nothing is left is started afresh.
 * Throws as `submit`, and what `read` throws.
 */
export function submitChange(
  context: ApiContext,
  name: string,
  read: () => Promise<{ submission: Submission; checked: Checked; system: SystemRecord }>,
): Promise<Submitted> {
  return again(name, async () => {
    const { submission, checked, system } = await read()
    return isEnded(system)
      ? submitFirst(context, submission, checked, system)
      : submitToLive(context, submission, checked, system, 'put')
  })
}

async function again(name: string, decide: () => Promise<Submitted | 'stale'>): Promise<Submitted> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const submitted = await decide()
    if (submitted !== 'stale') return submitted
  }
  throw apiError('CONTENDED', `System ${name} changed ${attempts} times meanwhile`, { retryAfterSeconds: 1 })
}

async function submitFirst(
  context: ApiContext,
  submission: Submission,
  checked: Checked,
  before: SystemRecord | null,
): Promise<Submitted | 'stale'> {
  const { tenant } = submission
  const identity = {
    tenant: tenant.name,
    namespace: homeOf(tenant, before),
    name: checked.name,
    sid: context.ids.sid(),
  }
  const { request, contents } = toRequest(context, submission, checked, identity)
  const work = acceptStart(request, Date.now())
  const { requestKey = null } = submission
  const room = roomOf(context, tenant)
  const accepted = await context.store.works.accept({
    work,
    before,
    superseded: null,
    contents,
    requestKey,
    room,
  })
  return concluded(context, submission, accepted)
}

/** What was a member of a batch may have left volumes in another of the tenant's namespaces. */
function homeOf({ namespace, namespaces }: Tenant, before: SystemRecord | null): string {
  return before && namespaces.includes(before.namespace) ? before.namespace : namespace
}

async function submitToLive(
  context: ApiContext,
  submission: Submission,
  checked: Checked,
  system: SystemRecord,
  mode: SubmitMode,
): Promise<Submitted | 'stale'> {
  if (mode === 'create') {
    return { outcome: 'taken', message: `The name ${checked.name} is taken by system ${checked.name}` }
  }
  const newest = await context.store.works.job(system.job)
  const running = newest && !isDone(newest) ? newest : null
  if (isLeaving(system, running)) throw underWay(system, running)
  const isSame = running && isOnItsWay(running) && tellsTheSame(submission, running)
  if (isSame && (await asksTheSame(context, submission, checked, system))) {
    return { outcome: 'accepted', job: running }
  }
  const { tenant, namespace, name, sid } = system
  const { request, contents } = toRequest(context, submission, checked, { tenant, namespace, name, sid })
  const now = Date.now()
  const work = acceptUpdate(system, request, now)
  const accepted = await context.store.works.accept({
    work,
    before: system,
    superseded: running && { before: running, after: superseded(running, request.job, now) },
    contents,
    requestKey: submission.requestKey ?? null,
    room: roomOf(context, submission.tenant),
  })
  return concluded(context, submission, accepted)
}

function underWay(system: SystemRecord, running: JobRecord | null) {
  const by = running ? ` by job ${running.id}` : ''
  return apiError(
    'CHANGE_UNDER_WAY',
    `System ${system.name} is being removed${by}; send this again when it is gone`,
  )
}

/** Whoever wants to be told would wait in vain for the end of a job that tells another. */
function tellsTheSame({ origin }: Submission, running: JobRecord): boolean {
  return isDeepStrictEqual(origin.callback, running.origin.callback)
}

/** Whether the running change is to the same spec; how the file was laid out does not matter. */
async function asksTheSame(
  context: ApiContext,
  submission: Submission,
  checked: Checked,
  system: SystemRecord,
): Promise<boolean> {
  if (system.exposure !== submission.exposure) return false
  if (!isDeepStrictEqual(system.labels, submission.labels)) return false
  if (system.suspended !== (submission.suspended ?? false)) return false
  if (system.lifetime?.ttlMs !== submission.lifetime?.ttlMs) return false
  const stored = await context.store.contents.get<Pick<Checked, 'spec' | 'settings'>>(system.spec)
  if (!isDeepStrictEqual(stored?.settings ?? {}, checked.settings ?? {})) return false
  return stored !== null && whatRuns(stored.spec) === whatRuns(checked.spec)
}

/** A new value of a variable that stands nowhere is no other system. */
function whatRuns({ secretValues: _hidden, ...spec }: SystemSpec): string {
  return JSON.stringify(spec)
}

function toRequest(
  context: ApiContext,
  submission: Submission,
  checked: Checked,
  identity: SystemIdentity,
): { request: StartRequest; contents: Content[] } {
  const { exposure, labels, principal, lifetime, timeoutMs, maxAttempts, keepOnFailure, rollback, origin } =
    submission
  const { spec, positions, settings } = checked
  const { objectNames, problems } = checkCompiles(context, checked, identity, exposure)
  const { content: unsettled, source = null } = checked.reading ?? {}
  const content =
    settings || !unsettled ? toContent({ spec, positions, ...(settings && { settings }) }) : unsettled
  const request: StartRequest = {
    ...(submission.retry && { retryOf: submission.retry.of }),
    objectNames,
    problems,
    job: context.ids.job(),
    identity,
    spec,
    specKey: content.hash,
    source: source?.hash ?? submission.retry?.source ?? null,
    exposure,
    labels,
    principal,
    lifetime,
    timeoutMs,
    maxAttempts,
    keepOnFailure,
    rollback,
    ...(submission.suspended && { suspended: true }),
    origin,
  }
  return { request, contents: source ? [content, source] : [content] }
}

async function concluded(
  context: ApiContext,
  { tenant }: Submission,
  accepted: Awaited<ReturnType<ApiContext['store']['works']['accept']>>,
): Promise<Submitted | 'stale'> {
  switch (accepted.outcome) {
    case 'accepted':
      await enqueue(context, accepted.work.job)
      return { outcome: 'accepted', job: accepted.work.job }
    case 'repeated':
      throw repeated()
    case 'full':
      throw fullError(accepted.full)
    case 'taken':
      return { outcome: 'taken', message: takenMessage(tenant.name, accepted.objectName, accepted.holder) }
    case 'stale':
      return 'stale'
    default:
      return accepted satisfies never
  }
}

/** Another tenant's system is not named: that would tell who runs what. */
function takenMessage(tenant: string, objectName: string, holder: string): string {
  const own = holder.startsWith(`${tenant}/`) ? `system ${holder.slice(tenant.length + 1)}` : null
  return `The object name ${objectName} is held by ${own ?? "another tenant's system"}; choose another name`
}
