/** What an orchestrator tells of one system, kept so that a test can wait for it. */
import type { Observation, Orchestrator } from '../../../src/orchestrators/orchestrator.ts'
import type { ServiceState } from '../../../src/system/readiness.ts'
import type { SystemIdentity } from '../../../src/system/spec.ts'
import { waitFor } from '../wait.ts'

type Told = Observation & { type: 'system' }

export type Watch = Disposable & {
  synced: () => Promise<true>
  /** The last that was told; undefined: nothing yet. */
  last: (identity: SystemIdentity) => Told | undefined
  /** Everything that was told, in order. */
  all: (identity: SystemIdentity) => Told[]
  until: (identity: SystemIdentity, what: string, probe: (told: Told) => boolean) => Promise<Told>
  service: (
    identity: SystemIdentity,
    service: string,
    what: string,
    probe: (state: ServiceState) => boolean,
  ) => Promise<ServiceState>
}

export function watch({ observe }: Pick<Orchestrator, 'observe'>): Watch {
  const stop = new AbortController()
  const told = new Map<string, Told[]>()
  let isSynced = false
  const reading = (async () => {
    for await (const observation of observe(stop.signal)) {
      if (observation.type === 'synced') isSynced = true
      else told.set(observation.identity.sid, [...(told.get(observation.identity.sid) ?? []), observation])
    }
  })()
  const last: Watch['last'] = ({ sid }) => told.get(sid)?.at(-1)
  const until: Watch['until'] = (identity, what, probe) =>
    waitFor(
      what,
      () => {
        const seen = last(identity)
        return seen && probe(seen) ? seen : undefined
      },
      { intervalMs: 20 },
    ).catch((error: unknown) => {
      throw new Error(`last told: ${JSON.stringify(last(identity))}`, { cause: error })
    })
  return {
    synced: () => waitFor('the first lists', () => (isSynced ? (true as const) : undefined)),
    last,
    all: ({ sid }) => told.get(sid) ?? [],
    until,
    async service(identity, service, what, probe) {
      const seen = await until(identity, what, ({ services }) => {
        const state = services[service]
        return state !== undefined && probe(state)
      })
      return seen.services[service] as ServiceState
    },
    [Symbol.dispose]() {
      stop.abort()
      reading.catch(() => {})
    },
  }
}
