// Whether the engine can be reached, asked as often as anybody wants to know.
import type { Reachability } from '../../../system/readiness.ts'
import { createCached } from '../../shared/cached.ts'
import type { EngineClient } from './client.ts'

/** Longer than a quick answer takes, shorter than somebody waits for a page. */
const limits = { freshMs: 2_000, failureMs: 2_000, limitMs: 3_000 }

export function createReachability(client: EngineClient): (signal: AbortSignal) => Promise<Reachability> {
  return createCached(limits, async (signal) => {
    try {
      const request = { method: 'GET', path: '/version', what: 'its version' } as const
      const { Version = 'unknown' } = await client.json<{ Version?: string }>(request, signal)
      return { reachable: true, version: Version }
    } catch (error) {
      return { reachable: false, reason: error instanceof Error ? error.message : String(error) }
    }
  })
}
