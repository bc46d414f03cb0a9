// What stands of incarnations, read for many of them at once: while one list is under way, whoever asks meanwhile is
// answered together by the next. A list costs the API server by all that is in the namespace, whatever it selects.
import { setTimeout as delay } from 'node:timers/promises'
import type { SystemIdentity } from '../../../system/spec.ts'
import { untilAborted } from '../../shared/until-aborted.ts'
import type { Found } from './found.ts'
import type { Kind } from './kinds.ts'
import type { Resources } from './resources.ts'
import { selectorOf, sidOf } from './selectors.ts'

/**
 * `latest`: as the cluster's store has it at a moment after the question. `cached`: as the API server remembers it, for a
 * small part of the cost, which may be of some moments ago.
 */
export type Freshness = 'latest' | 'cached'

export type IncarnationLists = {
  /** Throws TychoError, and the signal's reason. */
  find(
    kind: Kind,
    identity: Pick<SystemIdentity, 'namespace' | 'sid'>,
    freshness: Freshness,
    signal: AbortSignal,
  ): Promise<Found[]>
}

type Asked = Map<string, PromiseWithResolvers<Found[]>>

/** Of 32 hex digits each: the URL stays shorter than 4 KiB. */
const sidsAtOnce = 100

const timeoutMs = 60_000

/** `gatherMs`: how long a list waits for others who ask. */
export function createIncarnationLists(resources: Resources, gatherMs = 0): IncarnationLists {
  const asked = new Map<string, Asked>()

  async function readOn(key: string, read: (sids: readonly string[]) => Promise<Found[]>): Promise<void> {
    await delay(gatherMs)
    for (let next = asked.get(key); next && next.size > 0; next = asked.get(key)) {
      const group = [...next].slice(0, sidsAtOnce)
      for (const [sid] of group) next.delete(sid)
      try {
        const found = Map.groupBy(await read(group.map(([sid]) => sid)), ({ object }) =>
          sidOf(object.metadata),
        )
        for (const [sid, { resolve }] of group) resolve(found.get(sid) ?? [])
      } catch (error) {
        for (const [, { reject }] of group) reject(error)
      }
      await delay(gatherMs)
    }
    asked.delete(key)
  }

  return {
    find(kind, { namespace, sid }, freshness, signal) {
      const key = `${kind.kind} ${namespace} ${freshness}`
      const known = asked.get(key)
      const waiting: Asked = known ?? new Map()
      const answer = waiting.get(sid) ?? Promise.withResolvers<Found[]>()
      waiting.set(sid, answer)
      asked.set(key, waiting)
      const read = async (sids: readonly string[]) => {
        // Of a pod it counts what it has run.
        const what = { kind, namespace, selector: selectorOf(...sids), metadataOnly: kind.kind !== 'Pod' }
        const until = AbortSignal.timeout(timeoutMs)
        const items = await resources.list({ ...what, isCached: freshness === 'cached' }, until)
        return items.map((object) => ({ kind, object }))
      }
      if (!known) void readOn(key, read)
      return untilAborted(answer.promise, signal)
    },
  }
}
