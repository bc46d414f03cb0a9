// Task system.remove: takes away a whole incarnation, or what a change no longer wants.
import { isChange } from '../src/jobs/kinds.ts'
import { pruned, removed } from '../src/jobs/work.ts'
import { identityOf } from '../src/system/system.ts'
import { readContent, type StoredStages } from './content.ts'
import type { TaskFunction } from './run-task.ts'

export const removeSystem: TaskFunction = (context, run) => {
  const { job } = run.work
  const isWhole = !isChange(job.kind) || job.ending?.by === 'removal'
  return isWhole ? remove(context, run) : prune(context, run)
}

const prune: TaskFunction = async ({ store, orchestrator }, { work, fence, signal, finish }) => {
  const { stages, objectNames } = await readContent<StoredStages>(store, work.job.manifests)
  const changes = await orchestrator.prune(identityOf(work.system), stages, fence, signal)
  await finish((found) => pruned(found, changes, objectNames, Date.now()))
}

const remove: TaskFunction = async ({ orchestrator }, { work, signal, finish }) => {
  const { volumes, origin, changes } = work.job
  const again = changes.some(({ action }) => action === 'deleted')
  const what = { volumes, again, givesWay: origin.priority === 'batch' }
  const result = await orchestrator.remove(identityOf(work.system), signal, what)
  await finish((found) => removed(found, result, Date.now()))
}
