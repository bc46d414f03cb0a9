// Tokens in Redis: found by id within a process for some seconds, forgotten everywhere at once when one is revoked.
import type { Redis } from 'ioredis'
import type { TokenRecord } from '../system/access.ts'
import type { Changes } from './changes.ts'
import type { Commit } from './commit.ts'
import type { Keys } from './keys.ts'
import type { Page } from './lists.ts'
import { keepRequestKey, type RequestKey, writeRequestKey } from './request-keys.ts'

export type Tokens = ReturnType<typeof createTokens>

/** Bounds for how long a revoked token may still be good where the word of it was lost. */
const freshMs = 5_000

const maxKnown = 10_000

/** How long an expired token is still answered as one that has expired, and listed. */
const keptMs = 7 * 24 * 3600 * 1000

type Known = { reading: Promise<TokenRecord | null>; until: number }

export function createTokens(
  redis: Redis,
  keys: Keys,
  { commit, changes }: { commit: Commit; changes: Pick<Changes, 'onToken' | 'onMissed'> },
) {
  const known = new Map<string, Known>()
  changes.onToken((id) => known.delete(id))
  changes.onMissed(() => known.clear())

  const read = async (id: string): Promise<TokenRecord | null> => {
    const text = await redis.hget(keys.token(id), 'record')
    return text === null ? null : (JSON.parse(text) as TokenRecord)
  }

  /** As `read`, from memory where it was read lately. What was being read when it was revoked is not kept. */
  const find = (id: string): Promise<TokenRecord | null> => {
    const found = known.get(id)
    if (found && found.until > Date.now()) return found.reading
    if (known.size >= maxKnown) known.clear()
    const reading = read(id)
    known.set(id, { reading, until: Date.now() + freshMs })
    reading.catch(() => known.delete(id))
    return reading
  }

  /** False: another request with the same Idempotency-Key was faster. */
  const add = async (token: TokenRecord, requestKey: RequestKey | null = null): Promise<boolean> => {
    const key = keys.token(token.id)
    const { expiresAt } = token
    const once = requestKey && writeRequestKey(requestKey, token.id)
    const done = await commit({
      guards: [...(once?.guards ?? []), { key, field: 'record', expected: null }],
      writes: [
        ...(once?.writes ?? []),
        ...(requestKey ? keepRequestKey(requestKey.name, keptMs) : []),
        { command: 'HSET', key, args: ['record', JSON.stringify(token)] },
        { command: 'ZADD', key: keys.tokens, args: ['0', token.id] },
        ...(expiresAt === null ? [] : [{ command: 'PEXPIREAT', key, args: [`${expiresAt + keptMs}`] }]),
        { command: 'PUBLISH', key: null, args: [keys.tokenChanged, token.id] },
      ],
    })
    return done.ok
  }

  /** False: there is none. */
  const revoke = async (id: string): Promise<boolean> => {
    const text = await redis.hget(keys.token(id), 'record')
    if (text === null) return false
    const done = await commit({
      guards: [{ key: keys.token(id), field: 'record', expected: text }],
      writes: [
        { command: 'DEL', key: keys.token(id), args: [] },
        { command: 'ZREM', key: keys.tokens, args: [id] },
        { command: 'PUBLISH', key: null, args: [keys.tokenChanged, id] },
      ],
    })
    known.delete(id)
    return done.ok
  }

  /** Newest first. */
  const list = async (after: string | null, size: number): Promise<Page<TokenRecord>> => {
    const from = after === null ? '+' : `(${after}`
    const ids = await redis.zrange(keys.tokens, from, '-', 'BYLEX', 'REV', 'LIMIT', 0, size + 1)
    const page = ids.slice(0, size)
    const found = await Promise.all(page.map(read))
    const gone = page.filter((_, at) => found[at] === null)
    if (gone.length > 0) await redis.zrem(keys.tokens, ...gone)
    return {
      items: found.flatMap((token) => token ?? []),
      next: ids.length > size ? (page.at(-1) ?? null) : null,
    }
  }

  return { find, read, add, revoke, list }
}
