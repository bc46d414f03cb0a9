// One round: all systems are started by somebody, and stopped by the same; what it took, and what the cluster did for it.
import { waitFor } from '../../kit/wait.ts'
import type { Options } from './options.ts'
import { growthOf } from './prometheus.ts'
import { type Requests, readServerRequests, toTotals } from './requests.ts'
import { lastOf, openSight, type Sight, type Times } from './sight.ts'
import type { Site } from './site.ts'

/** Who starts and stops; both resolve when they have nothing left to do. */
export type Actor = {
  start(): Promise<void>
  stop(): Promise<void>
}

/** Seconds from the first request until the last system was so. */
export type Phase = {
  seconds: { applied: number; ready: number; actor: number }
  /** Requests of all clients of the API server meanwhile. */
  requests: Requests
  cpuMs: ReadonlyMap<string, number>
}

/** `start.applied`: all objects are there; `stop.applied`: they are gone, and `ready`: the pods too. */
export type Round = { start: Phase; stop: Phase | null }

/** `mark`: called at the beginning and the end of both phases, for what else is counted. */
export type Marks = (what: 'start' | 'stop', sight: Sight, isOver: boolean) => Promise<void>

/** How long the cluster may do nothing more of what is waited for. */
const patience = { timeoutMs: 180_000, intervalMs: 20 }

export async function playRound(
  site: Site,
  namespaces: readonly string[],
  { systems, only }: Pick<Options, 'systems' | 'only'>,
  actor: Actor,
  mark: Marks = async () => {},
): Promise<Round> {
  console.error(`${systems} systems in ${namespaces.join(', ')}`)
  await settle(site)
  await using sight = await openSight(site.api, namespaces)
  const { deployments, services, pods } = sight
  const momentOf = (...all: Times[]) => {
    const sizes = all.map(({ size }) => size)
    if (sizes.some((size) => size < systems)) throw new Error(`${sizes.join(' and ')} of ${systems}`)
    return lastOf(...all)
  }
  await mark('start', sight, false)
  const start = await measurePhase(site, actor.start, {
    applied: () => momentOf(deployments.came, services.came),
    ready: () => momentOf(deployments.ready),
  })
  await mark('start', sight, true)
  tell('started', start)
  if (only === 'start') return { start, stop: null }
  await settle(site)
  await mark('stop', sight, false)
  const stop = await measurePhase(site, actor.stop, {
    applied: () => momentOf(deployments.gone, services.gone),
    ready: () => momentOf(pods.gone),
  })
  await mark('stop', sight, true)
  tell('stopped', stop)
  return { start, stop }
}

function tell(what: string, { seconds: { applied, ready, actor } }: Phase): void {
  const [first, second, third] = [applied, ready, actor].map((seconds) => seconds.toFixed(1))
  console.error(`${what}: objects after ${first} s, pods after ${second} s, its own end after ${third} s`)
}

/** Throws while it is not so. */
type Moment = () => number

async function measurePhase(
  site: Site,
  act: () => Promise<void>,
  until: { applied: Moment; ready: Moment },
): Promise<Phase> {
  const [requests, cpu] = [await readServerRequests(site.api), await site.cpuMs()]
  const from = performance.now()
  await act()
  const actor = performance.now()
  const applied = await waitFor('all objects', until.applied, patience)
  const ready = await waitFor('all pods', until.ready, patience)
  const since = (at: number) => (at - from) / 1000
  return {
    seconds: { applied: since(applied), ready: since(ready), actor: since(actor) },
    requests: growthOf(requests, await readServerRequests(site.api)),
    cpuMs: growthOf(cpu, await site.cpuMs()),
  }
}

/** Until the controllers have nothing left to do: no more than a few writes in a second. */
export async function settle({ api }: Site): Promise<void> {
  const writes = async () => toTotals(await readServerRequests(api)).writes
  let before = await writes()
  const isQuiet = async () => {
    const now = await writes()
    const grown = now - before
    before = now
    return grown < 10
  }
  await waitFor('the cluster to settle', isQuiet, { timeoutMs: 600_000, intervalMs: 1_000 })
}
