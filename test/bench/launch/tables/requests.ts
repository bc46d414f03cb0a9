// What the API server was asked, per system.
import type { Options } from '../options.ts'
import { REFUSED, type Requests } from '../requests.ts'
import { round } from './numbers.ts'
import type { Results } from './results.ts'

/** The counters of the API server know no clients: what Tycho's phase has more than the floor's is Tycho's. */
export function printRequests({ systems, only }: Options, { floors, tycho }: Results): void {
  const floor = floors[0]?.round
  for (const what of ['start', 'stop'] as const) {
    const ours = tycho.round[what]
    if (!ours || (only === 'stop' && what === 'start')) continue
    const theirs: Requests = floor?.[what]?.requests ?? new Map()
    const per = (requests: Requests, key: string) => round((requests.get(key) ?? 0) / systems)
    const keys = [...new Set([...ours.requests.keys(), ...theirs.keys()])]
      .filter((key) => key !== REFUSED)
      .sort()
    console.log(`${what}: requests per system, counted by the API server (all clients)`)
    console.table(
      keys
        .map((request) => ({ request, floor: per(theirs, request), Tycho: per(ours.requests, request) }))
        .filter((row) => row.floor >= 0.02 || row.Tycho >= 0.02),
    )
    console.log(`${what}: requests per system of Tycho, counted by its own processes`)
    const own: Requests = tycho.usage[what]?.requests ?? new Map()
    console.table([...own.keys()].sort().map((request) => ({ request, 'per system': per(own, request) })))
    const refused = (requests: Requests) => requests.get(REFUSED) ?? 0
    console.log(`${what}: refused with 429: floor ${refused(theirs)}, Tycho ${refused(ours.requests)}`)
  }
}
