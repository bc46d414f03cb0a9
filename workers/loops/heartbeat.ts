// Loop: says that this worker is alive and how it sees the cluster; one line in the log when that changes.
import { setTimeout as delay } from 'node:timers/promises'
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
  let said: string | null = null
  while (!signal.aborted) {
    const cluster = await orchestrator.reachability(signal)
    if (signal.aborted) break
    if (said !== describe(cluster)) {
      if (cluster.reachable) log.info({ version: cluster.version }, 'the cluster is reachable')
      else log.warn({ reason: cluster.reason }, 'no cluster yet; systems wait until there is one')
      said = describe(cluster)
    }
    await store.health.beat(worker, cluster, aliveMs).then(onBeat, () => {})
    await delay(everyMs, undefined, { signal }).catch(() => {})
  }
  await store.health.leave(worker).catch(() => {})
}

function describe(cluster: Reachability): string {
  return cluster.reachable ? 'reachable' : cluster.reason
}
