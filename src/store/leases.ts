// Leases: who among several workers does what only one may do.
import type { Redis } from 'ioredis'
import type { Transaction } from './commit.ts'
import type { Keys } from './keys.ts'
import { readScript, runScript } from './script.ts'

/** Under which name, and who. */
export type Lease = { name: string; holder: string }

/** Thrown by a write that was to be made under a lease, when another holds it, or nobody. Nothing is written. */
export class LeaseLost extends Error {
  override name = 'LeaseLost'
}

/**
 * Joined to what only the holder may write. A process that was halted does not know that another has taken its place:
 * what it was about to write is of before.
 */
export function guardLease(keys: Keys, lease: Lease | null): Transaction {
  return { guards: lease ? [{ key: keys.lease(lease.name), value: lease.holder }] : [], writes: [] }
}

export type Leases = ReturnType<typeof createLeases>

export function createLeases(redis: Redis, keys: Keys) {
  const renew = readScript('renew-lease')
  const release = readScript('release-lease')
  return {
    /** Takes or renews a lease for so many milliseconds; false when another holds it. */
    async hold(name: string, holder: string, forMs: number): Promise<boolean> {
      return (await runScript(redis, renew, [keys.lease(name)], [holder, `${forMs}`])) === 1
    },
    async release(name: string, holder: string): Promise<void> {
      await runScript(redis, release, [keys.lease(name)], [holder])
    },
  }
}
