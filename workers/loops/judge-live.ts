// What an observation means for a system on which no job works: it is as ready as is seen, and degraded where somebody
// else has changed what was applied.
import { isWatched, observedLive, type Seen } from '../../src/jobs/observed.ts'
import { TychoError } from '../../src/problem.ts'
import type { Lease } from '../../src/store/leases.ts'
import type { Difference } from '../../src/system/difference.ts'
import { identityOf, isAsApplied, type SystemRecord } from '../../src/system/system.ts'
import { readContent, type StoredStages } from '../content.ts'
import type { WorkerContext } from '../context.ts'

/** The cluster is only asked when the observation's stamp says that something else is asked of an object. */
export async function judgeLive(
  context: WorkerContext,
  { tenant, name, sid }: { tenant: string; name: string; sid: string },
  seen: Seen,
  lease: Lease,
  signal: AbortSignal,
): Promise<void> {
  const { works } = context.store
  const system = await works.system(tenant, name)
  if (system?.sid !== sid || !isWatched(system)) return
  const isKnown = system.stamp === seen.stamp
  const differences = isKnown ? system.differences : await differencesOf(context, system, signal)
  if (!isKnown && differences.length > 0)
    context.log.warn({ tenant, system: name, sid, differences }, 'changed by somebody else')
  const judged = (found: SystemRecord) => {
    const isSame = found.sid === sid && found.applied?.manifests === system.applied?.manifests
    return isSame ? observedLive(found, seen, differences, Date.now()) : null
  }
  await works.changeSystem(tenant, name, judged, lease)
}

/** Nothing where it is not known what was applied: after a loss of all data, or where the last change was not ended. */
async function differencesOf(
  { store, orchestrator }: WorkerContext,
  system: SystemRecord,
  signal: AbortSignal,
): Promise<Difference[]> {
  if (!system.applied || !isAsApplied(system)) return []
  try {
    const { stages } = await readContent<StoredStages>(store, system.applied.manifests)
    return await orchestrator.differences(identityOf(system), stages, signal)
  } catch (error) {
    // What the cluster will not compare is no reason to look again and again.
    if (error instanceof TychoError && error.remedy === 'giveUp') return []
    throw error
  }
}
