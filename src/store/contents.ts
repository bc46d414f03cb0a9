// Specs and compiled stages, each kept once by the hash of its content.
import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Transaction } from './commit.ts'
import type { Keys } from './keys.ts'

export type Contents = ReturnType<typeof createContents>

/** A JSON value as it is stored, with its key. The same value has the same key. */
export type Content = { hash: string; text: string }

/**
 * How long content stays after it was last put, read or kept, in milliseconds: it outlives the systems that use it by
 * as much as a sweeper may be away.
 */
const keptMs = 30 * 24 * 3600 * 1000

export function toContent(value: unknown): Content {
  const text = JSON.stringify(value)
  return { hash: hashOf(text), text }
}

/** Stores content together with what refers to it. */
export function writeContent(keys: Keys, { hash, text }: Content): Transaction {
  return {
    guards: [],
    writes: [{ command: 'SET', key: keys.content(hash), args: [text, 'PX', `${keptMs}`] }],
  }
}

/** Lets content live on together with what refers to it; what is not there any more has to be written. */
export function keepContent(keys: Keys, hash: string): Transaction {
  const key = keys.content(hash)
  return {
    guards: [{ key, exists: true }],
    writes: [{ command: 'PEXPIRE', key, args: [`${keptMs}`] }],
  }
}

export function createContents(redis: Redis, keys: Keys) {
  return {
    /** Stores a JSON value; answers its key. */
    async put(value: unknown): Promise<string> {
      const { hash, text } = toContent(value)
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
