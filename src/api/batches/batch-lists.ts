// Jobs and systems of one batch, read by its members and not by looking through all that the tenant has.
import type { Batch } from '../../jobs/batch.ts'
import type { JobRecord } from '../../jobs/job.ts'
import type { MemberRecords } from '../../store/batches.ts'
import type { Page } from '../../store/lists.ts'
import type { SystemRecord } from '../../system/system.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import type { ApiContext } from '../context.ts'

/** Reads on after the member with an index; keys of pages are those. */
export type ReadMembers<T> = (after: string | null, size: number) => Promise<Page<T>>

/** The newest job of each member, those too that wait for their turn. A batch that there is not has none. */
export function readBatchJobs(context: ApiContext, tenant: Tenant, id: string): ReadMembers<JobRecord> {
  const { works } = context.store
  return readMembers(context, tenant, id, async ({ member, job }) => job ?? works.job(member.state.job))
}

export function readBatchSystems(context: ApiContext, tenant: Tenant, id: string): ReadMembers<SystemRecord> {
  return readMembers(context, tenant, id, async ({ member, system }) => {
    const isOwn = system?.batch?.id === id && system.batch.index === member.index
    return isOwn ? system : null
  })
}

function readMembers<T>(
  { store }: ApiContext,
  tenant: Tenant,
  id: string,
  pick: (records: MemberRecords) => Promise<T | null>,
): ReadMembers<T> {
  let known: Batch | null = null
  return async (after, size) => {
    known ??= await store.batches.read(id)
    if (known?.tenant !== tenant.name) return { items: [], next: null }
    const page = await store.batches.page(known, after === null ? -1 : Number(after), size)
    const found = page.items.length === 0 ? [] : await store.batches.records(known, page.items)
    const picked = await Promise.all(found.map(pick))
    return {
      items: picked.flatMap((one) => one ?? []),
      next: page.next === null ? null : `${page.next}`,
    }
  }
}

/** The key of a job or a system in such a page. */
export function memberKey(batch: { index: number } | null): string {
  return `${batch?.index ?? 0}`
}
