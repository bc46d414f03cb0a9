// What happens in a run: requests, some at the same time, and in between what workers do with the jobs.
import * as fc from 'fast-check'
import type { Work } from '../../../src/jobs/accept.ts'
import { isDone } from '../../../src/jobs/transitions.ts'
import { canceled } from '../../../src/jobs/undo.ts'
import { failed, removed, succeeded } from '../../../src/jobs/work.ts'
import { endpoint, type TestApi } from '../kit.ts'
import { goodWishes } from './good-wishes.ts'
import type { Wish } from './wishes.ts'

export type Ending = 'well' | 'badly'

export type Action =
  | { kind: 'request'; wish: Wish }
  | { kind: 'together'; wishes: Wish[] }
  | { kind: 'end'; pick: number; how: Ending }

export function actionsOf(wish: fc.Arbitrary<Wish>): fc.Arbitrary<Action> {
  return fc.oneof(
    { weight: 20, arbitrary: wish.map((one) => ({ kind: 'request' as const, wish: one })) },
    { weight: 8, arbitrary: goodWishes.map((one) => ({ kind: 'request' as const, wish: one })) },
    {
      weight: 1,
      arbitrary: fc
        .array(wish, { minLength: 2, maxLength: 4 })
        .map((wishes) => ({ kind: 'together' as const, wishes })),
    },
    {
      weight: 10,
      arbitrary: fc.record({
        kind: fc.constant('end' as const),
        pick: fc.nat(50),
        how: fc.constantFrom<Ending>('well', 'well', 'badly'),
      }),
    },
  )
}

/** Brings one of the jobs that were enqueued to its end, or what it did back, as a worker would. */
export async function endJob(api: TestApi, pick: number, how: Ending): Promise<void> {
  const job = api.enqueued[pick % Math.max(api.enqueued.length, 1)]
  if (job) await api.store.works.change(job.id, (work) => (isDone(work.job) ? null : ended(work, how)))
}

function ended(work: Work, how: Ending): Work {
  const now = Date.now()
  if (work.job.cancelAsked) return canceled(work, now)
  if (work.job.kind === 'system.stop' || work.job.ending?.by === 'removal') {
    return removed(work, { changes: [], remaining: [] }, now)
  }
  if (how === 'badly') {
    const error = { code: 'CRASH_LOOP', message: 'web ends with code 1', retryable: false, details: {} }
    return failed(work, error, now)
  }
  return succeeded({ ...work, job: { ...work.job, endpoints: [endpoint] } }, now)
}
