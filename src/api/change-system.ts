// Accepts what is asked of a system as it is: a restart, a suspend, a resume.
import type { JobRecord } from '../jobs/job.ts'
import { type Origin, PLAIN_ORIGIN } from '../jobs/origin.ts'
import { isDone } from '../jobs/transitions.ts'
import { acceptVerb, answerVerb, type Verb, type VerbAnswer } from '../jobs/verbs.ts'
import { superseded } from '../jobs/work.ts'
import type { RequestKey } from '../store/request-keys.ts'
import type { Room } from '../store/room.ts'
import { isEnded, type SystemRecord } from '../system/system.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { apiError } from './api-error.ts'
import type { ApiContext } from './context.ts'
import { enqueue } from './enqueue.ts'
import { repeated } from './idempotency.ts'
import { fullError, roomOf } from './tenant-room.ts'

const attempts = 10

/** What the new job has, where one is made. */
type JobOptions = {
  timeoutMs: number
  maxAttempts: number
  origin: Origin
  retryOf?: string
  requestKey: RequestKey | null
  /** Against what a new job is held. */
  room: Room
}

/**
 * Answers the job that does it: one that runs already, or a new one, also where the system is so already; that one sees
 * to it that it really is, and ends. Throws SYSTEM_NOT_FOUND and COMPOSE_NOT_KEPT (404), CHANGE_UNDER_WAY,
 * SYSTEM_SUSPENDED and NOT_RUNNING (409), JOB_LIMIT (429), QUEUE_FULL and CONTENDED (503).
 */
export async function changeSystem(
  context: ApiContext,
  tenant: Tenant,
  name: string,
  verb: Verb,
  requestKey: RequestKey | null,
): Promise<JobRecord> {
  const { timeoutMs, maxAttempts } = context
  const room = roomOf(context, tenant)
  return changeRead(
    context,
    verb,
    { timeoutMs, maxAttempts, origin: PLAIN_ORIGIN, requestKey, room },
    async () => {
      const system = await context.store.works.system(tenant.name, name)
      if (!system || isEnded(system)) throw apiError('SYSTEM_NOT_FOUND', `There is no system ${name}`)
      return system
    },
  )
}

/** The same of a system that `read` gives, each time anew. Throws what `read` throws too. */
export async function changeRead(
  context: ApiContext,
  verb: Verb,
  options: JobOptions,
  read: () => Promise<SystemRecord>,
): Promise<JobRecord> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const job = await decide(context, verb, options, await read())
    if (job) return job
  }
  throw apiError('CONTENDED', `The system changed ${attempts} times meanwhile`, { retryAfterSeconds: 1 })
}

/** Null: the system changed meanwhile; read it again. */
async function decide(
  context: ApiContext,
  verb: Verb,
  { requestKey, room, ...options }: JobOptions,
  system: SystemRecord,
): Promise<JobRecord | null> {
  const { store, ids } = context
  const newest = await store.works.job(system.job)
  const running = newest && !isDone(newest) ? newest : null
  const answer = answerVerb(verb, system, running)
  if (running && answer === 'running') return running
  if (answer !== 'accepted') throw refusal(verb, system, running, answer)
  await mustBeKept(context, system)
  const now = Date.now()
  const work = acceptVerb(verb, system, { job: ids.job(), ...options }, now)
  const accepted = await store.works.accept({
    work,
    before: system,
    superseded: running && { before: running, after: superseded(running, work.job.id, now) },
    requestKey,
    room,
  })
  if (accepted.outcome === 'repeated') throw repeated()
  if (accepted.outcome === 'full') throw fullError(accepted.full)
  // It reserves no names, so it can't meet a taken one.
  if (accepted.outcome !== 'accepted') return null
  await enqueue(context, accepted.work.job)
  return accepted.work.job
}

/** What is to run again must be known: after a loss of all data it is not. */
async function mustBeKept({ store }: ApiContext, { name, spec }: SystemRecord): Promise<void> {
  if (await store.contents.get(spec)) return
  throw apiError(
    'COMPOSE_NOT_KEPT',
    `What system ${name} was started from is kept no longer; PUT it again first`,
  )
}

function refusal(
  verb: Verb,
  { name, phase }: SystemRecord,
  running: JobRecord | null,
  why: Exclude<VerbAnswer, 'accepted'>,
) {
  const by = running ? ` by job ${running.id}` : ''
  switch (why) {
    case 'leaving':
      return apiError('CHANGE_UNDER_WAY', `System ${name} is being removed${by}; there is nothing to ${verb}`)
    case 'underWay':
    case 'running':
      return apiError(
        'CHANGE_UNDER_WAY',
        `System ${name} is ${phase}${by}; ${verb} it when that is done, or cancel that job first`,
      )
    case 'suspended':
      return apiError(
        'SYSTEM_SUSPENDED',
        `System ${name} is to be suspended, so that nothing runs; resume it`,
      )
    case 'nothingToDo':
      return apiError('NOT_RUNNING', `System ${name} is ${phase}: there is nothing to ${verb}; PUT it again`)
    default:
      return why satisfies never
  }
}
