// Whether the cluster answers, cheaply enough to be asked by every probe.
import type { Reachability } from '../../../system/readiness.ts'
import { type Cached, createCached } from '../../shared/cached.ts'
import type { Client } from './client.ts'
import { readVersion } from './cluster-version.ts'

/** One request per two seconds at most, whoever asks. Never throws but on abort. */
export function createReachability(client: Client): Cached<Reachability> {
  return createCached({ freshMs: 2_000, failureMs: 2_000, limitMs: 5_000 }, async (signal) => {
    try {
      const { major, minor } = await readVersion(client, signal)
      return { reachable: true, version: `${major}.${minor}` }
    } catch (error) {
      return {
        reachable: false,
        reason: error instanceof Error ? error.message : 'The cluster does not answer',
      }
    }
  })
}
