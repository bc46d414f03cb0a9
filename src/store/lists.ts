// Pages of jobs and systems by keyset: stable while others are added.
import type { Redis } from 'ioredis'
import type { JobRecord } from '../jobs/job.ts'
import type { SystemRecord } from '../system/system.ts'
import type { Keys } from './keys.ts'

/** `next`: the last id or name of the page, to be given as `after`; null on the last page. */
export type Page<T> = { items: T[]; next: string | null }

export type Lists = ReturnType<typeof createLists>

export function createLists(redis: Redis, keys: Keys) {
  const records = async <T>(
    index: string,
    members: string[],
    keyOf: (member: string) => string,
  ): Promise<T[]> => {
    if (members.length === 0) return []
    const reads = redis.pipeline()
    for (const member of members) reads.hget(keyOf(member), 'record')
    const found: T[] = []
    const expired: string[] = []
    for (const [at, [error, text]] of ((await reads.exec()) ?? []).entries()) {
      if (error) throw error
      if (typeof text === 'string') found.push(JSON.parse(text) as T)
      else expired.push(members[at] ?? '')
    }
    if (expired.length > 0) await redis.zrem(index, ...expired)
    return found
  }

  /** Systems of a tenant by name. */
  const systems = async (tenant: string, after: string | null, size: number): Promise<Page<SystemRecord>> => {
    const index = keys.systemsOf(tenant)
    const from = after === null ? '-' : `(${after}`
    const names = await redis.zrange(index, from, '+', 'BYLEX', 'LIMIT', 0, size + 1)
    const page = names.slice(0, size)
    const items = await records<SystemRecord>(index, page, (name) => keys.system(tenant, name))
    return { items, next: names.length > size ? (page.at(-1) ?? null) : null }
  }

  /** Jobs of a tenant, newest first; with `since` none whose id comes before it. */
  const jobs = async (
    tenant: string,
    after: string | null,
    size: number,
    since: string | null = null,
  ): Promise<Page<JobRecord>> => {
    const index = keys.jobsOf(tenant)
    const from = after === null ? '+' : `(${after}`
    const to = since === null ? '-' : `[${since}`
    const ids = await redis.zrange(index, from, to, 'BYLEX', 'REV', 'LIMIT', 0, size + 1)
    const page = ids.slice(0, size)
    const items = await records<JobRecord>(index, page, keys.job)
    return { items, next: ids.length > size ? (page.at(-1) ?? null) : null }
  }

  return { systems, jobs }
}
