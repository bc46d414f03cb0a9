// How many requests a tenant has made lately, counted by all processes together.
import type { Redis } from 'ioredis'
import type { Keys } from './keys.ts'
import { readScript, runScript } from './script.ts'

/** Requests of the present window, the one that asks included; and milliseconds until all are forgotten. */
export type Counted = { count: number; leftMs: number }

export type CountRequest = ReturnType<typeof createCountRequest>

export function createCountRequest(redis: Redis, keys: Keys) {
  const script = readScript('count-request')
  return async (tenant: string, windowMs: number): Promise<Counted> => {
    const answer = await runScript(redis, script, [keys.requestsOf(tenant)], [`${windowMs}`])
    const [count, leftMs] = answer as [number, number]
    return { count, leftMs }
  }
}
