// Task system.deploy: applies the stage at which the job stands; the observer waits for it.
import { isChange } from '../src/jobs/kinds.ts'
import { applied } from '../src/jobs/work.ts'
import { mergeProblems, TychoError } from '../src/problem.ts'
import { identityOf } from '../src/system/system.ts'
import { readContent, type StoredStages } from './content.ts'
import { locate, located } from './located.ts'
import type { TaskFunction } from './run-task.ts'

export const deploySystem: TaskFunction = async (
  { store, orchestrator },
  { work, fence, signal, finish },
) => {
  const { job, system } = work
  const { stages } = await readContent<StoredStages>(store, job.manifests)
  const stage = stages[job.stage]
  if (!stage) throw new TychoError('INTERNAL_ERROR', `Job ${job.id} has no stage ${job.stage}`)
  const mode = isChange(job.kind) ? 'update' : 'create'
  const givesWay = job.origin.priority === 'batch'
  const input = { identity: identityOf(system), stage, mode, givesWay, fence, memo: job.memo } as const
  const result = await located(store, job, () => orchestrator.apply(input, signal))
  const problems = await locate(store, job.spec, result.problems)
  await finish((found) => {
    const job = { ...found.job, problems: mergeProblems(found.job.problems, problems) }
    return applied({ ...found, job }, result, Date.now())
  })
}
