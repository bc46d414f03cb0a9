// What a job is to run, compiled for the cluster that there is.
import { tellProblems } from '../src/compose/mask/mask-problems.ts'
import type { Work } from '../src/jobs/accept.ts'
import { toOutline } from '../src/jobs/deadlines.ts'
import type { StageOutline } from '../src/jobs/job.ts'
import type { Orchestrator } from '../src/orchestrators/orchestrator.ts'
import { hasErrors, InvalidSystemError, mergeProblems, type Problem } from '../src/problem.ts'
import { identityOf } from '../src/system/system.ts'
import type { StoredSpec, StoredStages } from './content.ts'

/** `content` is to be stored; `problems`: those that the job has already, and these. */
export type CompiledWork = { content: StoredStages; stages: StageOutline[]; problems: Problem[] }

/** Throws InvalidSystemError with what of it can't run there. */
export function compileWork(
  { compile }: Pick<Orchestrator, 'compile'>,
  { job, system }: Work,
  { spec, positions, settings = {} }: StoredSpec,
  facts: unknown,
): CompiledWork {
  const { suspended, restartedAt } = system
  const { stages, objectNames, ...found } = compile(
    {
      identity: identityOf(system),
      spec,
      // A rollback compiles what the system has been set back to.
      exposure: job.ending ? system.exposure : job.exposure,
      settings,
      suspended,
      restartedAt: restartedAt === null ? null : new Date(restartedAt).toISOString(),
    },
    facts,
  )
  const problems = tellProblems(found.problems, { spec, positions })
  if (hasErrors(problems)) throw new InvalidSystemError(problems)
  return {
    content: { stages, objectNames },
    stages: stages.map((stage) => toOutline(stage, spec)),
    problems: mergeProblems(job.problems, problems),
  }
}
