// A compare-and-set over several keys, built up by its callers and sent as one script.
import type { Redis } from 'ioredis'
import { readScript, runScript } from './script.ts'

/**
 * Holds while a hash's field has this value, null: while it is absent; while a set has so many members at most; while
 * the key is there; or while it has this value.
 */
export type Guard =
  | { key: string; field: string; expected: string | null }
  | { key: string; atMost: number }
  | { key: string; exists: true }
  | { key: string; value: string }
type Write = { command: string; key: string | null; args: string[] }

/** What must hold, and what is written when it does. */
export type Transaction = { guards: Guard[]; writes: Write[] }

/** `failed`: the first guard that does not hold, and what stands there instead. */
export type Committed = { ok: true } | { ok: false; failed: Guard; actual: string | number | null }

export type Commit = (transaction: Transaction) => Promise<Committed>

export function createCommit(redis: Redis): Commit {
  const script = readScript('commit')
  return async ({ guards, writes }) => {
    const keys: string[] = []
    const indexOf = (key: string) => {
      const at = keys.indexOf(key)
      return at >= 0 ? at + 1 : keys.push(key)
    }
    const plan = [`${guards.length}`]
    for (const guard of guards) plan.push(`${indexOf(guard.key)}`, ...conditionOf(guard))
    for (const { command, key, args } of writes) {
      plan.push(command, key === null ? '0' : `${indexOf(key)}`, `${args.length}`, ...args)
    }
    const [index, actual] = (await runScript(redis, script, keys, plan)) as [number, string | number | null]
    const failed = guards[index - 1]
    return failed ? { ok: false, failed, actual: actual ?? null } : { ok: true }
  }
}

function conditionOf(guard: Guard): [kind: string, field: string, value: string] {
  if ('atMost' in guard) return ['atMost', '', `${guard.atMost}`]
  if ('exists' in guard) return ['exists', '', '']
  if ('value' in guard) return ['value', '', guard.value]
  return guard.expected === null ? ['absent', guard.field, ''] : ['is', guard.field, guard.expected]
}
