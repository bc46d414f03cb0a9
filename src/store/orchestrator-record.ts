// On which orchestrator this installation runs its systems: noted where its API and its workers both read it.
import type { Redis } from 'ioredis'
import type { OrchestratorKind } from '../system/orchestrator-kind.ts'
import type { Keys } from './keys.ts'

export type OrchestratorRecord = ReturnType<typeof createOrchestratorRecord>

export function createOrchestratorRecord(redis: Redis, keys: Keys) {
  return {
    /** What was noted last, while a worker lives by it or a system runs on it; null: a process may choose anew. */
    async inUse(): Promise<OrchestratorKind | null> {
      const [kind, systems, workers] = await Promise.all([
        redis.get(keys.orchestrator),
        redis.hlen(keys.sids),
        redis.zcount(keys.workers, Date.now(), '+inf'),
      ])
      return systems > 0 || workers > 0 ? (kind as OrchestratorKind | null) : null
    },
    async note(kind: OrchestratorKind): Promise<void> {
      await redis.set(keys.orchestrator, kind)
    },
  }
}
