// Task system.deploy: applies the stage at which the job stands; the observer waits for it.
import { applied } from '../src/jobs/work.ts'
import { locateProblems, mergeProblems, type Problem, TychoError } from '../src/problem.ts'
import type { Store } from '../src/store/store.ts'
import { identityOf } from '../src/system/system.ts'
import { readContent, type StoredSpec, type StoredStages } from './content.ts'
import type { TaskFunction } from './run-task.ts'

export const deploySystem: TaskFunction = async (
  { store, orchestrator },
  { work, fence, signal, finish },
) => {
  const { job, system } = work
  const { stages } = await readContent<StoredStages>(store, job.manifests)
  const stage = stages[job.stage]
  if (!stage) throw new TychoError('INTERNAL_ERROR', `Job ${job.id} has no stage ${job.stage}`)
  const mode = job.kind === 'system.update' ? 'update' : 'create'
  const result = await orchestrator.apply(
    { identity: identityOf(system), stage, mode, fence, memo: job.memo },
    signal,
  )
  const problems = await located(store, job.spec, result.problems)
  await finish((found) => {
    const job = { ...found.job, problems: mergeProblems(found.job.problems, problems) }
    return applied({ ...found, job }, result, Date.now())
  })
}

/** There are few: the positions are read only where they are needed. */
async function located(store: Store, spec: string, problems: Problem[]): Promise<Problem[]> {
  if (problems.length === 0) return problems
  return locateProblems(problems, (await readContent<StoredSpec>(store, spec)).positions)
}
