// Loop: says that this worker is alive and how it sees where systems run; one line in the log when that changes.
import { setTimeout as delay } from 'node:timers/promises'
import type { Seen } from '../../src/store/health.ts'
import { placeOf } from '../../src/system/orchestrator-kind.ts'
import type { Reachability } from '../../src/system/readiness.ts'
import type { WorkerContext } from '../context.ts'

const everyMs = 2_000
export const aliveMs = 7_000

/** `onBeat` is called after each sign of life that Redis has taken. */
export async function beat(
  context: WorkerContext,
  worker: string,
  signal: AbortSignal,
  onBeat: () => void,
): Promise<void> {
  const { store, orchestrator, log } = context
  const { kind } = orchestrator
  const place = placeOf[kind]
  const sayOthers = createSayOthers(context)
  let said: string | null = null
  while (!signal.aborted) {
    // Only an abort makes it throw: the question is cut off where the worker ends.
    const seen = await orchestrator.reachability(signal).catch(() => null)
    if (!seen || signal.aborted) break
    if (said !== describe(seen)) {
      if (seen.reachable) log.info({ version: seen.version }, `${place} is reachable`)
      else log.warn({ reason: seen.reason }, `${place} can't be reached yet; systems wait until it can`)
      said = describe(seen)
    }
    await store.health.beat(worker, { ...seen, orchestrator: kind }, aliveMs).then(
      (before) => {
        onBeat()
        sayOthers(before)
      },
      () => {},
    )
    await delay(everyMs, undefined, { signal }).catch(() => {})
  }
  await store.health.leave(worker).catch(() => {})
}

/** Workers of one installation that run systems on different orchestrators take each other's tasks: said once. */
function createSayOthers({ orchestrator, log }: WorkerContext): (before: Seen | null) => void {
  let isSaid = false
  return (before) => {
    if (isSaid || !before || before.orchestrator === orchestrator.kind) return
    isSaid = true
    const places = { own: placeOf[orchestrator.kind], other: placeOf[before.orchestrator] }
    log.error(places, 'another worker runs systems elsewhere: set TYCHO_ORCHESTRATOR for all of them')
  }
}

function describe(cluster: Reachability): string {
  return cluster.reachable ? 'reachable' : cluster.reason
}
