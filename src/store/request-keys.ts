// Idempotency keys: what the first request with a key has made, written by the transaction that makes it.
import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Guard, Transaction } from './commit.ts'
import type { Keys } from './keys.ts'

/** A request with an `Idempotency-Key`: `name` is the store's key for it, `fingerprint` tells other requests apart. */
export type RequestKey = { name: string; fingerprint: string }

/** What the first request with a key was, and the id of what it made. */
export type FirstRequest = { fingerprint: string; id: string }

export type RequestKeys = ReturnType<typeof createRequestKeys>

const field = 'first'

export function createRequestKeys(redis: Redis, keys: Keys) {
  return {
    /** The name hides the key: whoever lists the store's keys does not learn what clients call their requests. */
    nameOf: (...scope: string[]) => keys.requestKey(hash(JSON.stringify(scope))),
    /** Null: nobody has used the key, or what it made is forgotten. */
    async first(name: string): Promise<FirstRequest | null> {
      const text = await redis.hget(name, field)
      return text === null ? null : (JSON.parse(text) as FirstRequest)
    },
  }
}

/**
 * Joined to the transaction that makes `id`, before everything else: of two requests with the same key the second then
 * fails at this guard, whatever else stands in its way. It stays until `keepRequestKey` says for how long.
 */
export function writeRequestKey({ name, fingerprint }: RequestKey, id: string): Transaction {
  const first: FirstRequest = { fingerprint, id }
  return {
    guards: [{ key: name, field, expected: null }],
    writes: [{ command: 'HSET', key: name, args: [field, JSON.stringify(first)] }],
  }
}

/** Lets a key be forgotten after so many milliseconds: together with what it made. */
export function keepRequestKey(name: string, keptMs: number): Transaction['writes'] {
  return [{ command: 'PEXPIRE', key: name, args: [`${keptMs}`] }]
}

/** Whether a transaction failed because another request with the same key was faster. */
export function isRequestKey(key: RequestKey | null, failed: Guard): boolean {
  return failed.key === key?.name
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 40)
}
