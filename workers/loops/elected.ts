// Runs something in one worker at a time; a standby takes over when the holder's lease runs out.
import { setTimeout as delay } from 'node:timers/promises'
import type { Lease } from '../../src/store/leases.ts'
import type { WorkerContext } from '../context.ts'

export type ElectedOptions = {
  /** Name of the lease. */
  name: string
  /** This worker. */
  holder: string
  signal: AbortSignal
  /** Runs until its signal aborts: the lease was lost, or the worker is closing. */
  run: (signal: AbortSignal, lease: Lease) => Promise<void>
}

const leaseMs = 5_000
const renewMs = 1_500

/** Resolves when the signal has aborted and `run` has ended. Errors of `run` are logged, and it is started again. */
export async function runElected(
  { store, metrics, log }: WorkerContext,
  options: ElectedOptions,
): Promise<void> {
  const { name, holder, signal } = options
  metrics.loopKnown(name)
  while (!signal.aborted) {
    if (await holds()) await term()
    await pause(signal)
  }

  async function holds(): Promise<boolean> {
    return store.leases.hold(name, holder, leaseMs).catch(() => false)
  }

  async function term(): Promise<void> {
    const ended = new AbortController()
    const term = AbortSignal.any([signal, ended.signal])
    log.debug({ loop: name }, 'elected')
    const letGo = metrics.loopHeld(name)
    const running = options.run(term, { name, holder }).catch((error: unknown) => {
      if (!term.aborted) log.error({ loop: name, err: error }, 'loop failed; starting it again')
    })
    const over = running.finally(() => ended.abort())
    await keepLease(term, ended)
    await over
    letGo()
    await store.leases.release(name, holder).catch(() => {})
  }

  /** A lease that can't be renewed in time (another holds it, or Redis is away) ends the term. */
  async function keepLease(term: AbortSignal, ended: AbortController): Promise<void> {
    let heldUntil = Date.now() + leaseMs
    while (!term.aborted) {
      await pause(term)
      if (term.aborted) return
      const asked = Date.now()
      if (await holds()) heldUntil = asked + leaseMs
      else if (Date.now() > heldUntil - renewMs) ended.abort()
    }
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  await delay(renewMs, undefined, { signal }).catch(() => {})
}
