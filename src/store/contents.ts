// Specs and compiled stages, each kept once by the hash of its content.
import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Keys } from './keys.ts'

export type Contents = ReturnType<typeof createContents>

/** `keptMs`: how long content stays after it was last put, read or kept. */
export function createContents(redis: Redis, keys: Keys, keptMs: number) {
  return {
    /** Stores a JSON value; answers its key. The same value has the same key. */
    async put(value: unknown): Promise<string> {
      const text = JSON.stringify(value)
      const hash = hashOf(text)
      await redis.set(keys.content(hash), text, 'PX', keptMs)
      return hash
    },
    async get<T>(hash: string): Promise<T | null> {
      const text = await redis.getex(keys.content(hash), 'PX', keptMs)
      return text === null ? null : (JSON.parse(text) as T)
    },
    /** Lets content live on. */
    async keep(hashes: readonly string[]): Promise<void> {
      const renewals = redis.pipeline()
      for (const hash of hashes) renewals.pexpire(keys.content(hash), keptMs)
      await renewals.exec()
    },
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 40)
}
