// The copies of a service are replaced one after the other, each when those before it are ready.
import { setTimeout as delay } from 'node:timers/promises'
import { TychoError, UnavailableError } from '../../../problem.ts'
import type { ContainerObject } from '../objects.ts'
import { serviceStanding } from './readiness.ts'
import type { WriteScope } from './scope.ts'
import { toSeen } from './seen.ts'

/** Longer than a container without a healthcheck takes to be ready; what takes longer makes room for others. */
const patienceMs = 2_500
const intervalMs = 100

/**
 * `before`: the copies that are new already. Throws UnavailableError `ROLLING_OUT` (remedy `wait`) while they are not ready,
 * and the reason of one that can't be.
 */
export async function untilReady(
  before: readonly ContainerObject[],
  { requests, signal }: WriteScope,
): Promise<void> {
  const [first] = before
  if (!first || first.suspended) return
  const end = Date.now() + patienceMs
  for (;;) {
    const live = await Promise.all(before.map(({ name }) => requests.container(name, signal)))
    const seen = live.flatMap((one) => (one && toSeen(one)) ?? [])
    const { state } = serviceStanding(seen, Date.now())
    if (state.readiness === 'ready') return
    const message = `${first.service}: ${state.reason?.message ?? state.readiness}`
    if (state.readiness === 'failed') {
      const details = { service: first.service }
      throw new TychoError(state.reason?.code ?? 'ROLLOUT_FAILED', message, { status: 422, details })
    }
    if (Date.now() >= end) throw new UnavailableError('ROLLING_OUT', message)
    await delay(intervalMs, undefined, { signal })
  }
}
