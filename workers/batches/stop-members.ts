// Stops the systems of a batch: a few at a time, so that others have their turn meanwhile.
import type { Batch } from '../../src/jobs/batch.ts'
import { PLAIN_ORIGIN } from '../../src/jobs/origin.ts'
import { stopLive } from '../../src/store/stop-live.ts'
import { createIds } from '../../src/system/ids.ts'
import { isEnded } from '../../src/system/system.ts'
import type { WorkerContext } from '../context.ts'
import { someAtOnce } from './some-at-once.ts'

/** Stops of one batch that may be under way at once: most of them wait for the end of their pods. */
const window = 128

/** Stops that are asked for at the same time. */
const askedAtOnce = 16

const attempts = 5

/** Answers whether there was something to do. */
export async function stopMembers(context: WorkerContext, batch: Batch): Promise<boolean> {
  const room = window - batch.stopping
  if (room <= 0 || batch.toStop === 0) return false
  const { batches } = context.store
  const indexes = await batches.toStop(batch.id, room)
  const members = await batches.members(batch.id, indexes)
  const known = new Map(members.map((member) => [member.index, member]))
  return someAtOnce(indexes, askedAtOnce, async (index) => {
    const member = known.get(index)
    const isDone = !member || (await stopMember(context, batch, member.index, member.name, member.clientId))
    if (isDone) await batches.stopped(batch, index)
    return true
  })
}

/** True where nothing is left to ask for. */
async function stopMember(
  { store, tasks, maxAttempts }: WorkerContext,
  batch: Batch,
  index: number,
  name: string,
  clientId: string | null,
): Promise<boolean> {
  const volumes = batch.wish === 'stopWithVolumes'
  const origin = { ...PLAIN_ORIGIN, priority: 'batch' as const, batch: { id: batch.id, index, clientId } }
  const ids = createIds()
  for (let attempt = 0; attempt < attempts; attempt++) {
    const system = await store.works.system(batch.tenant, name)
    // Its name may be another system's by now.
    if (system?.batch?.id !== batch.id || system.batch.index !== index) return true
    if (isEnded(system) && !(volumes && system.phase === 'stopped')) return true
    const what = { job: ids.job(), maxAttempts, now: Date.now(), volumes, origin }
    const job = await stopLive(store.works, system, what)
    if (!job) continue
    await tasks.enqueue(job)
    return true
  }
  return false
}
