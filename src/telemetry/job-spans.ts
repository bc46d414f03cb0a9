// Spans that are told when they are over: a job that stood in the queue or waited for the cluster, which no process does
// meanwhile, and the requests to the cluster.
import type { JobRecord, Step } from '../jobs/job.ts'
import { resourceOf } from './labels.ts'
import type { Tracing } from './tracing.ts'

const names: Partial<Record<Step, string>> = { queued: 'job.queued', waiting: 'job.waiting' }

/** `before` and `after` are the two sides of one write. */
export function tellStep(
  tracing: Pick<Tracing, 'past'>,
  before: JobRecord | null,
  { id, kind, step, status, error, origin, ...after }: JobRecord,
): void {
  const name = before && names[before.step]
  if (!name || before.step === step || origin.trace === null) return
  tracing.past(name, {
    parent: origin.trace,
    startMs: before.stepSince,
    endMs: after.finishedAt ?? after.stepSince,
    attributes: { 'tycho.job': id, 'tycho.job.kind': kind, 'tycho.system.sid': after.system.sid },
    failed: status === 'failed' ? (error?.code ?? null) : null,
  })
}

/** Within what was under way when it was sent; a request that nothing traced has sent has no span. */
export function tellClusterRequest(
  tracing: Pick<Tracing, 'past' | 'current'>,
  request: { method: string; verb: string; path: string; statusCode: number | null; durationMs: number },
): void {
  const parent = tracing.current()
  if (parent === null) return
  const { method, verb, path, statusCode, durationMs } = request
  const endMs = Date.now()
  const resource = resourceOf(path)
  const isFailed = statusCode === null || statusCode >= 400
  tracing.past(`${verb} ${resource}`, {
    kind: 'client',
    parent,
    startMs: endMs - durationMs,
    endMs,
    attributes: {
      'http.request.method': method,
      'k8s.resource': resource,
      ...(statusCode !== null && { 'http.response.status_code': statusCode }),
    },
    failed: isFailed ? `${statusCode ?? 'NO_ANSWER'}` : null,
  })
}
