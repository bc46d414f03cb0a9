// What is written of a decision. Pure.
import type { Work } from './accept.ts'
import type { JobRecord } from './job.ts'

/** `ownsSystem`: the system is written too. */
export type Revised = Work & { ownsSystem: boolean }

/**
 * The revision goes up with each write, by one. A system that has moved on to another job or incarnation is not this
 * job's to write.
 */
export function revised(before: Work, after: Work): Revised {
  const job = revisedJob(before.job, after.job)
  const ownsSystem = after.system !== before.system && before.system.job === before.job.id
  const system = ownsSystem ? { ...after.system, revision: before.system.revision + 1 } : before.system
  return { job, system, ownsSystem }
}

export function revisedJob(before: JobRecord, after: JobRecord): JobRecord {
  return { ...after, revision: before.revision + 1 }
}

/** The first records of a request, on top of those of the system that were there. */
export function succeeding(work: Work, before: Work['system'] | null): Work {
  if (!before) return work
  const revision = Math.max(work.system.revision, before.revision + 1)
  return { ...work, system: { ...work.system, revision } }
}
