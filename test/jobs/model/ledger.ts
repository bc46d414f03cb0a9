// What the model has promised and seen: checked at every write (P2, P5, P7), and once more when all is quiet.
import type { JobRecord } from '../../../src/jobs/job.ts'
import { isDone } from '../../../src/jobs/transitions.ts'
import { isEnded, type SystemRecord } from '../../../src/system/system.ts'
import type { ModelCluster } from './cluster.ts'

export type Ledger = ReturnType<typeof createLedger>

export function createLedger(cluster: ModelCluster) {
  const revisions = new Map<string, number>()
  const ends = new Map<string, number>()
  const canceled = new Set<string>()

  const rises = (what: string, revision: number) => {
    const before = revisions.get(what)
    if (before !== undefined && revision <= before)
      throw new Error(`P7: ${what} went from revision ${before} to ${revision}`)
    revisions.set(what, revision)
  }

  return {
    ends,
    /** A client was told that a job is being canceled. */
    promisedCancel: (job: string) => void canceled.add(job),

    /** The fence lets the next write of a worker pass. */
    clearance({ id, cancelAsked }: JobRecord, isOwn: boolean) {
      if (!isOwn || cancelAsked)
        throw new Error(`P3: the fence of job ${id} lets a worker pass that is to stop`)
    },

    /** A worker writes. Only one that is frozen, or whose job was taken over, may do so when its time is over. */
    write({ id, error }: JobRecord, { isOwn, isLost }: { isOwn: boolean; isLost: boolean }) {
      if (!isOwn && !isLost && error?.code === 'CANCELED')
        throw new Error(`P5: job ${id} was canceled without waiting for the worker that still writes`)
    },

    job(before: JobRecord | null, after: JobRecord) {
      if (before && isDone(before))
        throw new Error(`P2: job ${after.id} was ${before.status}, and is written again`)
      rises(`job ${after.id}`, after.revision)
      if (!isDone(after)) return
      ends.set(after.id, (ends.get(after.id) ?? 0) + 1)
      if (after.status === 'succeeded' && canceled.has(after.id))
        throw new Error(`job ${after.id} succeeded although it was canceled`)
    },

    system(after: SystemRecord) {
      rises('the system', after.revision)
      if (!isEnded(after)) return
      const left = Object.keys(cluster.sound(after.sid))
      if (left.length > 0) throw new Error(`P5: ${left} remain of ${after.sid}, which is ${after.phase}`)
    },
  }
}
