// Loop: gives back to jobs, and to preparations, the task that they lost, ends those whose deadline has passed and systems whose lifetime has,
// and lets content live on.
import { setTimeout as delay } from 'node:timers/promises'
import { removedAgain } from '../../src/jobs/observed.ts'
import { isOver } from '../../src/jobs/preparation.ts'
import { expired } from '../../src/jobs/work.ts'
import type { SystemRecord } from '../../src/system/system.ts'
import type { WorkerContext } from '../context.ts'
import { advanceExplained } from '../explain.ts'
import { removeExpired } from './expiry.ts'

const everyMs = 1_000
const chunk = 500

/** A task that is younger than this is on its way: its accept may not yet have come to the enqueue. */
const lostAfterMs = 5_000
const keepContentEveryMs = 3_600_000

export async function sweep(context: WorkerContext, signal: AbortSignal): Promise<void> {
  let contentKeptAt = 0
  while (!signal.aborted) {
    const now = Date.now()
    await endOverdue(context, now)
    await removeExpired(context, now)
    await restoreTasks(context, now)
    await restorePreparations(context, now)
    if (now - contentKeptAt > keepContentEveryMs) {
      contentKeptAt = now
      await keepContent(context)
      await context.store.schedule.forgetEnded(now)
    }
    await delay(everyMs, undefined, { signal }).catch(() => {})
  }
}

async function endOverdue(context: WorkerContext, now: number): Promise<void> {
  const { schedule, works } = context.store
  for (const id of await schedule.deadlinesBefore(now, chunk)) {
    const ended = await advanceExplained(context, id, (work) => expired(work, now) ?? removedAgain(work, now))
    if (!ended && !(await works.job(id))) await schedule.forgetDeadline(id)
  }
}

async function restoreTasks({ store, tasks, log }: WorkerContext, now: number): Promise<void> {
  for (const id of await store.schedule.expectedBefore(now - lostAfterMs, chunk)) {
    const job = await store.works.job(id)
    if (!job?.task) {
      await store.schedule.forgetExpected(id)
      continue
    }
    // A task that has just ended has written first what came of it: the job is read again before it gets another.
    const again = (await tasks.isUnderWay(job)) ? null : await store.works.job(id)
    if (again?.task && (await tasks.restore(again)))
      log.warn({ job: id, task: again.task.verb }, 'a job had lost its task; it has one again')
    await store.schedule.postponeExpected(id, now)
  }
}

async function restorePreparations({ store, tasks, log }: WorkerContext, now: number): Promise<void> {
  const { preparations } = store
  for (const id of await preparations.openBefore(now - lostAfterMs, chunk)) {
    const record = await preparations.get(id)
    if (!record || isOver(record)) {
      await preparations.forget(id)
      continue
    }
    if (await tasks.restorePreparation(id))
      log.warn({ preparation: id }, 'a preparation had lost its task; it has one again')
    await preparations.postpone(id, now)
  }
}

/** What the records of systems refer to stays stored. */
async function keepContent({ store }: WorkerContext): Promise<void> {
  for (const tenant of await store.schedule.tenants()) {
    for (let after: string | null = null, more = true; more; more = after !== null) {
      const page: Awaited<ReturnType<typeof store.lists.systems>> = await store.lists.systems(
        tenant,
        after,
        chunk,
      )
      await store.contents.keep(page.items.flatMap(contentsOf))
      after = page.next
    }
  }
}

function contentsOf({ spec, source, applied, lastGood }: SystemRecord): string[] {
  return [spec, source, applied?.spec, applied?.manifests, lastGood?.spec, lastGood?.source].flatMap(
    (hash) => hash || [],
  )
}
