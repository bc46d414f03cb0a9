// Task system.deploy: applies the stage at which the job stands; the observer waits for it.
import { isChange } from '../src/jobs/kinds.ts'
import { applied, told } from '../src/jobs/work.ts'
import type { ApplyInput } from '../src/orchestrators/orchestrator.ts'
import { mergeProblems, TychoError } from '../src/problem.ts'
import type { Reason } from '../src/system/readiness.ts'
import { identityOf } from '../src/system/system.ts'
import { readContent, type StoredStages } from './content.ts'
import { locate, located } from './located.ts'
import type { TaskFunction } from './run-task.ts'

export const deploySystem: TaskFunction = async (
  { store, orchestrator },
  { work, fence, signal, finish, tell: write },
) => {
  const { job, system } = work
  const { stages } = await readContent<StoredStages>(store, job.manifests)
  const stage = stages[job.stage]
  if (!stage) throw new TychoError('INTERNAL_ERROR', `Job ${job.id} has no stage ${job.stage}`)
  const mode = isChange(job.kind) ? 'update' : 'create'
  const givesWay = job.origin.priority === 'batch'
  const tell = (waits: Record<string, Reason>) => write((found) => told(found, waits, Date.now()))
  const identity = identityOf(system)
  const { memo } = job
  const input: ApplyInput = { identity, stage, mode, givesWay, fence, memo, tell }
  const result = await located(store, job, () => orchestrator.apply(input, signal))
  const problems = await locate(store, job.spec, result.problems)
  await finish((found) => {
    const job = { ...found.job, problems: mergeProblems(found.job.problems, problems) }
    return applied({ ...found, job }, result, Date.now())
  })
}
