// A system as it is shown, with the reason that its newest job may have to tell.
import type { SystemRecord } from '../system/system.ts'
import type { ApiContext } from './context.ts'
import type { System } from './schemas/system.ts'
import { needsJob, toSystem } from './system-view.ts'

export async function showSystem({ store }: ApiContext, record: SystemRecord): Promise<System> {
  return toSystem(record, needsJob(record) ? await store.works.job(record.job) : null)
}
