// Task system.compile: the stored SystemSpec becomes stages of manifests, kept by hash.
import { tellProblems } from '../src/compose/mask/mask-problems.ts'
import { toOutline } from '../src/jobs/deadlines.ts'
import { compiled } from '../src/jobs/work.ts'
import { hasErrors, InvalidSystemError, mergeProblems } from '../src/problem.ts'
import { identityOf } from '../src/system/system.ts'
import { readContent, type StoredSpec, type StoredStages } from './content.ts'
import type { TaskFunction } from './run-task.ts'

export const compileSystem: TaskFunction = async ({ store, orchestrator }, { work, signal, finish }) => {
  const { job, system } = work
  // A rollback compiles what the system has been set back to.
  const key = job.ending ? system.spec : job.spec
  const { spec, positions, settings = {} } = await readContent<StoredSpec>(store, key)
  const facts = await orchestrator.facts(signal)
  const { suspended, restartedAt } = system
  const result = orchestrator.compile(
    {
      identity: identityOf(system),
      spec,
      exposure: job.ending ? system.exposure : job.exposure,
      settings,
      suspended,
      restartedAt: restartedAt === null ? null : new Date(restartedAt).toISOString(),
    },
    facts,
  )
  const problems = tellProblems(result.problems, { spec, positions })
  if (hasErrors(problems)) throw new InvalidSystemError(problems)
  const content: StoredStages = { stages: result.stages, objectNames: result.objectNames }
  const manifests = await store.contents.put(content)
  const stages = result.stages.map((stage) => toOutline(stage, spec))
  await finish((found) =>
    compiled(found, { stages, manifests, problems: mergeProblems(found.job.problems, problems) }, Date.now()),
  )
}
