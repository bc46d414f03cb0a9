// Polls a server: so many connections, each of which sends the next request when it has its answer.
import { Pool } from 'undici'
import { percentile } from '../measure.ts'

/** Times in milliseconds. */
export type Load = { perSecond: number; p50: number; p99: number; count: number }

/** `etag` null: the client knows nothing. */
export type Poll = { path: string; etag: string | null; expected: number }

export async function poll(
  url: string,
  connections: number,
  forMs: number,
  polls: readonly Poll[],
): Promise<Load> {
  const pool = new Pool(url, { connections })
  const start = performance.now()
  const times: number[] = []
  let next = 0
  const connection = async () => {
    while (performance.now() - start < forMs) {
      next = (next + 1) % polls.length
      const one = polls[next]
      if (one) times.push(await ask(pool, one))
    }
  }
  await Promise.all(Array.from({ length: connections }, connection))
  const seconds = (performance.now() - start) / 1000
  await pool.close()
  return {
    count: times.length,
    perSecond: times.length / seconds,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
  }
}

async function ask(pool: Pool, { path, etag, expected }: Poll): Promise<number> {
  const headers = etag === null ? {} : { 'if-none-match': etag }
  const sentAt = performance.now()
  const { statusCode, body } = await pool.request({ method: 'GET', path, headers })
  await body.dump()
  if (statusCode !== expected) throw new Error(`${path} was answered ${statusCode}`)
  return performance.now() - sentAt
}
