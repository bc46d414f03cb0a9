// Ends what a CronJob has started, where it is to run nothing: its controller only starts no more.
import type { ChangeSet } from '../../../system/change.ts'
import { deleteFound } from './found.ts'
import { kindOf } from './kinds.ts'
import type { KubeObject } from './objects.ts'
import { toJobState } from './seen-job.ts'
import { selectorOf } from './selectors.ts'
import type { WriteScope } from './write.ts'

/** `written`: the CronJobs of a stage as they are now. Runs that have ended are left, as they tell how they did. */
export async function endRuns(written: readonly KubeObject[], scope: WriteScope): Promise<ChangeSet> {
  const resting = new Set(
    written.filter(({ spec }) => spec?.suspend === true).map(({ metadata }) => metadata.uid),
  )
  const kind = kindOf('batch/v1', 'Job')
  if (resting.size === 0 || !kind) return []
  const { identity, resources, fence, signal } = scope
  const selector = selectorOf(identity.sid)
  const items = await resources.list({ kind, namespace: identity.namespace, selector }, signal)
  const runs = items.filter((job) => isOf(resting, job) && !hasEnded(job))
  const changes: ChangeSet = []
  for (const object of runs) {
    await fence.check()
    const change = await deleteFound({ kind, object }, resources, signal)
    if (change) changes.push(change)
  }
  return changes
}

function isOf(cronJobs: ReadonlySet<string>, { metadata }: KubeObject): boolean {
  return (metadata.ownerReferences ?? []).some(({ controller, uid }) => controller && cronJobs.has(uid))
}

function hasEnded(job: KubeObject): boolean {
  const { isComplete, failure } = toJobState(job)
  return isComplete || failure !== undefined || job.metadata.deletionTimestamp !== undefined
}
