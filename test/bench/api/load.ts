// Load on a server: so many connections, each of which sends the next request when it has its answer.
import { Pool } from 'undici'
import { percentile } from '../measure.ts'

/** Times in milliseconds. */
export type Load = { perSecond: number; p50: number; p99: number; count: number }

/** `body`: of the next request; every one must be answered 202. */
export type Shot = () => string

export async function fire(url: string, connections: number, forMs: number, body: Shot): Promise<Load> {
  const pool = new Pool(url, { connections })
  const start = performance.now()
  const times: number[] = []
  const connection = async () => {
    while (performance.now() - start < forMs) times.push(await post(pool, body()))
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

/** Answers how long it took. */
export async function post(pool: Pool, body: string): Promise<number> {
  const headers = { 'content-type': 'application/json' }
  const sentAt = performance.now()
  const answer = await pool.request({ method: 'POST', path: '/v1/systems', headers, body })
  const text = await answer.body.text()
  if (answer.statusCode !== 202) throw new Error(`${answer.statusCode}: ${text}`)
  return performance.now() - sentAt
}
