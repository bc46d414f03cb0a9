// A cluster as the model of the jobs sees it: objects by incarnation, each of a service and a spec.
import type { Seen } from '../../../src/jobs/observed.ts'
import type { ServiceState } from '../../../src/system/readiness.ts'

/** `spec`: all of what it was written for, as `toTarget` says it. `isStray`: last written by a worker whose task was not its own any more: promised only to be found and removed. */
type LiveObject = { spec: string; number: number; isStray: boolean; isLeaving: boolean; state: ServiceState }

export const pending: ServiceState = {
  readiness: 'pending',
  started: false,
  completed: false,
  reason: { code: 'STARTING', message: 'starting' },
}
export const ready: ServiceState = { readiness: 'ready', started: true, completed: false }
export const broken: ServiceState = {
  ...pending,
  readiness: 'failed',
  reason: { code: 'CRASH_LOOP', message: 'it keeps ending' },
}

const ending: ServiceState = {
  readiness: 'pending',
  started: true,
  completed: false,
  reason: { code: 'ENDING', message: 'ending' },
}
const atRest: ServiceState = { readiness: 'ready', started: true, completed: false, idle: true }

/** What is to become of an incarnation, as one word: spec, rest and restart. */
export function toTarget(spec: string, suspended: boolean, restartedAt: number | null): string {
  return `${spec}/${suspended ? 'suspended' : 'running'}/${restartedAt ?? 'never'}`
}

export function specIn(target: string): string {
  return target.split('/')[0] ?? ''
}

const isAtRest = (target: string) => target.split('/')[1] === 'suspended'

export type ModelCluster = ReturnType<typeof createModelCluster>

export function createModelCluster() {
  const objects = new Map<string, Map<string, LiveObject>>()
  const of = (sid: string) => objects.get(sid) ?? new Map<string, LiveObject>()
  const versionOf = (service: string, number: number) => ({ of: service, number })

  return {
    sids: () => [...objects.keys()],
    services: (sid: string) => [...of(sid).keys()],

    /** Creates or changes the object of a service; answers its version. */
    write(sid: string, service: string, spec: string, isStray: boolean) {
      const before = of(sid).get(service)
      const number = before?.spec === spec && !before.isLeaving ? before.number : (before?.number ?? 0) + 1
      const fresh = isAtRest(spec) ? ending : pending
      const state = before?.spec === spec && !before.isLeaving ? before.state : fresh
      objects.set(sid, of(sid).set(service, { spec, number, isStray, isLeaving: false, state }))
      return versionOf(service, number)
    },

    /** Asks objects to go; they are seen until `settle`, as is what runs of a suspended one. Answers how many did not go already. */
    remove(sid: string, services: readonly string[] = [...of(sid).keys()]): number {
      const found = services.flatMap((service) => of(sid).get(service) ?? [])
      for (const object of found) object.isLeaving = true
      return found.length
    },

    settle() {
      for (const [sid, found] of objects) {
        for (const [service, object] of found) {
          if (object.isLeaving) found.delete(service)
          else if (isAtRest(object.spec)) object.state = atRest
        }
        if (found.size === 0) objects.delete(sid)
      }
    },

    setState(state: ServiceState) {
      for (const found of objects.values())
        for (const object of found.values()) if (!isAtRest(object.spec)) object.state = state
    },

    seen(sid: string): Seen {
      const services = [...of(sid)].map(([service, { number, state }]) => [
        service,
        { ...state, version: versionOf(service, number) },
      ])
      return { services: Object.fromEntries(services), remaining: [...of(sid).keys()], stamp: '' }
    },

    /** Service -> spec of what is there and was not written astray. */
    sound(sid: string): Record<string, string> {
      const found = [...of(sid)].filter(([, object]) => !object.isStray)
      return Object.fromEntries(found.map(([service, { spec }]) => [service, spec]))
    },

    hasStrays: (sid: string) => [...of(sid).values()].some((object) => object.isStray),
  }
}
