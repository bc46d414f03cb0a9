// Whether the cluster answers, cheaply enough to be asked by every probe.
import type { Reachability } from '../../../system/readiness.ts'
import { type Cached, createCached } from '../../shared/cached.ts'
import type { ClusterFacts } from '../facts.ts'
import type { Client } from './client.ts'
import { readVersion } from './cluster-version.ts'

const freshMs = 2_000

/**
 * One request per two seconds at most, whoever asks; none where others were answered meanwhile. `version`: as it was read
 * last. Never throws but on abort.
 */
export function createReachability(
  client: Client,
  version: Cached<ClusterFacts['version']>,
): Cached<Reachability> {
  return createCached({ freshMs, failureMs: freshMs, limitMs: 5_000 }, async (signal) => {
    try {
      const isKnown = await client.hasAnswered(freshMs)
      const { major, minor } = await (isKnown ? version(signal) : readVersion(client, signal))
      return { reachable: true, version: `${major}.${minor}` }
    } catch (error) {
      return {
        reachable: false,
        reason: error instanceof Error ? error.message : 'The cluster does not answer',
      }
    }
  })
}
