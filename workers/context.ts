// What every handler and loop of a worker is given, and the one way in which they move a job on.
import type { Work } from '../src/jobs/accept.ts'
import { traceField } from '../src/jobs/trace-parent.ts'
import { isDone } from '../src/jobs/transitions.ts'
import type { Orchestrator } from '../src/orchestrators/orchestrator.ts'
import type { Store } from '../src/store/store.ts'
import type { Changing } from '../src/store/works.ts'
import type { Tasks } from '../src/tasks/queues.ts'
import type { Metrics } from '../src/telemetry/metrics.ts'
import type { Tracing } from '../src/telemetry/tracing.ts'

/** The part of pino that is used here. */
export type WorkerLog = Record<
  'debug' | 'info' | 'warn' | 'error',
  (details: object, sentence: string) => void
>

export type WorkerContext = {
  store: Store
  tasks: Tasks
  orchestrator: Orchestrator
  /** Of a job that a worker accepts itself, as the API does for a request that says nothing. */
  maxAttempts: number
  metrics: Metrics
  tracing: Tracing
  log: WorkerLog
}

/**
 * Changes a job by `decide`, logs the transition and enqueues the task that the job now asks for. Null: there was
 * nothing to change. A crash between the change and the enqueue is the sweeper's to mend. `changing.lease`: of the loop that
 * decides by what it has seen; throws LeaseLost when another worker has it.
 */
export async function advance(
  context: WorkerContext,
  job: string,
  decide: (work: Work) => Work | null,
  changing: Changing = {},
): Promise<Work | null> {
  let before: Work | null = null
  const deciding = (work: Work) => {
    before = work
    return decide(work)
  }
  const after = await context.store.works.change(job, deciding, changing)
  if (!after) return null
  logTransition(context.log, before, after)
  if (asksForMore(before, after)) await context.tasks.enqueue(after.job)
  return after
}

/** The task that is being done is in the queue already. */
function asksForMore(before: Work | null, { job }: Work): boolean {
  return job.task !== null && job.task.round !== before?.job.task?.round
}

function logTransition(log: WorkerLog, before: Work | null, { job, system }: Work): void {
  if (before?.job.step === job.step && before.job.status === job.status && before.job.stage === job.stage)
    return
  const trace = traceField(job.origin.trace)
  const details = {
    system: system.name,
    sid: system.sid,
    job: job.id,
    kind: job.kind,
    step: job.step,
    ...trace,
  }
  if (!isDone(job)) {
    log.debug(details, job.message)
    return
  }
  const end = { ...details, status: job.status, ...job.timings, ...(job.error && { code: job.error.code }) }
  if (job.status === 'failed') log.warn(end, job.error?.message ?? 'failed')
  else if (job.status === 'canceled') log.info(end, `job ended: ${job.message}`)
  else log.info(end, `system ${job.message}`)
}
