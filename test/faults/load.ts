// What the clients of a fault test do, so many at once.
import type { Job } from '../../src/jobs/job.ts'
import type { Ledger } from './ledger.ts'
import type { Template } from './templates.ts'

/** Runs something for each index, `width` at a time. */
export async function inParallel<T>(
  count: number,
  width: number,
  run: (index: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = []
  let next = 0
  const lane = async () => {
    for (let index = next++; index < count; index = next++) results[index] = await run(index)
  }
  await Promise.all(Array.from({ length: width }, lane))
  return results
}

const mix: readonly Template[] = ['plain', 'staged', 'secret']

/** Starts systems `system-0`, `system-1`, … of all templates. Answers the jobs as they ended. */
export function startMany(ledger: Ledger, count: number, more: object = {}): Promise<Job[]> {
  return inParallel(count, count, async (index) => {
    const { id } = await ledger.start(`system-${index}`, mix[index % mix.length] ?? 'plain', more)
    return ledger.done(id)
  })
}

/** Stops the first so many of them. Answers the jobs as they ended. */
export async function stopMany(ledger: Ledger, count: number): Promise<Job[]> {
  const stopped = await inParallel(count, count, async (index) => {
    const job = await ledger.stop(`system-${index}`)
    return job && ledger.done(job.id)
  })
  return stopped.filter((job) => job !== null)
}

/** How many jobs ended in which way, such as `{ succeeded: 12 }`; one that failed with its code. */
export function endsOf(jobs: readonly Job[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { status, error } of jobs) {
    const end = error ? `${status} ${error.code}` : status
    counts[end] = (counts[end] ?? 0) + 1
  }
  return counts
}
