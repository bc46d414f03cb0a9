// Leases: who among several workers does what only one may do.
import type { Redis } from 'ioredis'
import type { Keys } from './keys.ts'
import { readScript, runScript } from './script.ts'

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
