// Who may be let in next. Each tenant has as many members in the queue that no worker has taken up, and among a
// tenant's batches they go round: so none waits behind the whole of another.
import type { Batch } from '../../src/jobs/batch.ts'
import type { Batches, StandingMember } from '../../src/store/batches.ts'

/** Members of one tenant that are in the queue and not taken up yet. */
const window = 32

export type Turn = { batch: Batch; member: StandingMember }

/** Members in the order of their turns, round and round the batches. `turn`: who begins, so that it is not always the same. */
export async function shareOut(batches: Batches, open: readonly Batch[], turn: number): Promise<Turn[]> {
  const shares = [...Map.groupBy(open, ({ tenant }) => tenant).values()].flatMap((own) =>
    sharesOf(rotated(own, turn)),
  )
  const queues = await Promise.all(
    shares.map(async ({ batch, count }) => {
      const members = await batches.members(batch.id, await batches.waiting(batch.id, count))
      return members.map((member) => ({ batch, member }))
    }),
  )
  const longest = Math.max(0, ...queues.map((queue) => queue.length))
  const inTurn = rotated(queues, turn)
  const rows = Array.from({ length: longest }, (_, at) => inTurn.flatMap((queue) => queue[at] ?? []))
  return rows.flat()
}

/** How many of each batch of one tenant may be let in now. */
export function sharesOf(own: readonly Batch[]): { batch: Batch; count: number }[] {
  const shares = own.map((batch) => ({ batch, count: 0, most: mostOf(batch) }))
  let room = window - own.reduce((sum, { active, counts }) => sum + Math.max(0, active - counts.running), 0)
  for (let given = -1; given !== 0 && room > 0; ) {
    given = 0
    for (const share of shares) {
      if (room <= 0 || share.count >= share.most) continue
      share.count += 1
      room -= 1
      given += 1
    }
  }
  return shares.filter(({ count }) => count > 0)
}

/** Within its own bound, and not more than wait. */
function mostOf({ wish, concurrency, active, counts }: Batch): number {
  if (wish !== 'none') return 0
  const waiting = counts.queued + counts.running - active
  return Math.max(0, Math.min(concurrency - active, waiting))
}

function rotated<T>(list: readonly T[], by: number): T[] {
  const from = list.length === 0 ? 0 : by % list.length
  return [...list.slice(from), ...list.slice(0, from)]
}
