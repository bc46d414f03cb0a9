// An error of a service, with what has to be read for it: the log of its container, and the line of the Compose file.
import type { Work } from '../src/jobs/accept.ts'
import { failurePath } from '../src/jobs/failure-path.ts'
import type { JobError } from '../src/jobs/job.ts'
import type { LastWords } from '../src/orchestrators/orchestrator.ts'
import { locateProblems, type Problem } from '../src/problem.ts'
import type { Changing } from '../src/store/works.ts'
import { createMasker, secretValuesOf } from '../src/system/secret-values.ts'
import { identityOf } from '../src/system/system.ts'
import type { StoredSpec } from './content.ts'
import { advance, type WorkerContext } from './context.ts'

/** The reason is told without the log where that does not come in time. */
const patienceMs = 3_000

/** As `advance`; a job that fails by it fails with everything that can be said of the reason. */
export async function advanceExplained(
  context: WorkerContext,
  job: string,
  decide: (work: Work) => Work | null,
  changing: Changing = {},
): Promise<Work | null> {
  let failing: Work | null = null
  const unlessFailing = (work: Work) => {
    const next = decide(work)
    failing = next && isFailing(work, next) ? next : null
    return failing ? null : next
  }
  const after = await advance(context, job, unlessFailing, changing)
  if (!failing) return after
  const details = await explain(context, failing)
  const explained = (work: Work) => {
    const next = decide(work)
    return next && isFailing(work, next) ? withDetails(next, details) : next
  }
  return advance(context, job, explained, { lease: changing.lease ?? null })
}

function isFailing(before: Work, after: Work): boolean {
  return before.job.error === null && typeof after.job.error?.details.service === 'string'
}

function withDetails({ job, system }: Work, details: JobError['details']): Work {
  return {
    system,
    job: { ...job, error: job.error && { ...job.error, details: { ...job.error.details, ...details } } },
  }
}

/** `container`, `log` and `problems`; what can't be read is left out. */
async function explain(context: WorkerContext, { job, system }: Work): Promise<JobError['details']> {
  const service = `${job.error?.details.service}`
  const stored = await context.store.contents.get<StoredSpec>(job.spec)
  if (!stored || !job.error) return {}
  const words = await context.orchestrator
    .lastWords(identityOf(system), service, AbortSignal.timeout(patienceMs))
    .catch(() => null)
  return {
    ...(words && masked(words, stored)),
    problems: locateProblems([toProblem(job.error, service)], stored.positions),
  }
}

/** Nothing that the system keeps secret gets into an error by way of a log. */
function masked({ container, lines }: LastWords, { spec }: StoredSpec): { container: string; log: string[] } {
  const mask = createMasker(secretValuesOf(spec))
  return { container, log: lines.map(mask) }
}

function toProblem({ code, message }: JobError, service: string): Problem {
  return { code, severity: 'error', path: failurePath(service, code), message }
}
