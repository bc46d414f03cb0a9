// Systems as the original's requests name them: by name or by sid, or by whom they were started for.
import type { SystemRecord } from '../../system/system.ts'
import { isEnded } from '../../system/system.ts'
import type { Tenant } from '../../tenants/tenant.ts'
import type { ApiContext } from '../context.ts'

const pageSize = 500

/** Null where the tenant has no such system, or nothing of it remains. */
export async function findSystem(
  { store }: ApiContext,
  tenant: Tenant,
  nameOrSid: string,
): Promise<SystemRecord | null> {
  const named = await store.works.system(tenant.name, nameOrSid)
  if (named && !isEnded(named)) return named
  const holder = await store.schedule.systemOf(nameOrSid)
  if (holder?.tenant !== tenant.name) return null
  const incarnation = await store.works.system(tenant.name, holder.name)
  return incarnation?.sid === nameOrSid ? incarnation : null
}

/** All that is not ended; `username` null: of everybody. */
export async function listSystems(
  { store }: ApiContext,
  tenant: Tenant,
  username: string | null,
): Promise<SystemRecord[]> {
  const found: SystemRecord[] = []
  let after: string | null = null
  do {
    const page = await store.lists.systems(tenant.name, after, pageSize)
    found.push(
      ...page.items.filter((one) => !isEnded(one) && (username === null || one.principal === username)),
    )
    after = page.next
  } while (after !== null)
  return found
}
