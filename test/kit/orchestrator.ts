// The port kept in memory: what a real orchestrator can't be made to do on demand, such as being away for a moment.
import { EventEmitter, on, once } from 'node:events'
import { Readable } from 'node:stream'
import { maskStages } from '../../src/orchestrators/kubernetes/compile/mask-stages.ts'
import { needsOf } from '../../src/orchestrators/kubernetes/compile/needs.ts'
import type {
  ApplyInput,
  LastWords,
  LogLine,
  Manifest,
  Observation,
  Orchestrator,
  PreparationInput,
  Prepared,
} from '../../src/orchestrators/orchestrator.ts'
import { UnavailableError } from '../../src/problem.ts'
import type { Difference } from '../../src/system/difference.ts'
import type { LiveSystem } from '../../src/system/live.ts'
import type { ServiceState } from '../../src/system/readiness.ts'
import type { SystemIdentity } from '../../src/system/spec.ts'

import { ampleCapacity } from './capacity.ts'

type Running = { identity: SystemIdentity; services: Record<string, ServiceState>; createdAt: number }

export type MemoryOrchestrator = Orchestrator & {
  /** What runs, by sid. */
  running: Map<string, Running>
  /** Every stage that was applied, in order. */
  applies: ApplyInput[]
  /** While false, everything fails as without a cluster. */
  setReachable(reachable: boolean): void
  /** Sets how a service stands in its present version, unless the state names another, and tells the observer. */
  setState(sid: string, service: string, state: ServiceState): void
  /** What somebody else has changed, by sid; the observer is told with the next state. */
  tampered: Map<string, Difference[]>

  /** What stands of preparations, by id; and how far each is at the next look: done, unless a test says otherwise. */
  preparing: Map<string, PreparationInput>
  lookAt: (input: PreparationInput) => Promise<Prepared>

  /** What every container has said last. */
  words: LastWords | null
  /** What the containers have said, in this order. */
  said: LogLine[]
  /** Called before each apply; may throw or wait. */
  beforeApply: (input: ApplyInput, signal: AbortSignal) => Promise<void>
}

const ready: ServiceState = { readiness: 'ready', started: true, completed: false }

const first = (service: string) => ({ of: service, number: 1 })

/** Services become ready as soon as they are applied, unless `initial` says otherwise. */
export function createMemoryOrchestrator(initial: ServiceState = ready): MemoryOrchestrator {
  const running = new Map<string, Running>()
  const applies: ApplyInput[] = []
  const tampered: MemoryOrchestrator['tampered'] = new Map()
  const preparing: MemoryOrchestrator['preparing'] = new Map()
  const changes = new EventEmitter<{ change: [string] }>().setMaxListeners(0)
  let reachable = true

  const mustReach = () => {
    if (!reachable) throw new UnavailableError('CLUSTER_UNREACHABLE', 'the cluster does not answer')
  }
  const observation = (identity: SystemIdentity): Observation => {
    const found = running.get(identity.sid)
    const services = found?.services ?? {}
    return {
      type: 'system',
      identity,
      services,
      remaining: Object.keys(services).map((name) => `Deployment/${name}`),
      stamp: JSON.stringify(tampered.get(identity.sid) ?? []),
    }
  }
  const identities = new Map<string, SystemIdentity>()

  const orchestrator: MemoryOrchestrator = {
    running,
    applies,
    tampered,
    beforeApply: async () => {},
    preparing,
    lookAt: async ({ pulls }) => {
      const images = pulls.map(({ image }) => ({ image, state: 'present' as const }))
      return { nodes: [{ node: 'node1', images }], isSettled: true, trouble: null }
    },
    words: null,
    said: [],
    setReachable(value) {
      reachable = value
    },
    setState(sid, service, state) {
      const found = running.get(sid)
      if (found)
        found.services[service] = { version: found.services[service]?.version ?? first(service), ...state }
      changes.emit('change', sid)
    },
    kind: 'kubernetes',
    checkExtension: () => [],
    compile({ identity, spec, suspended = false, restartedAt = null }) {
      const names = Object.keys(spec.services)
      const stages = names.map((service, index) => ({
        services: [service],
        requires: index === 0 ? [] : [{ service: names[index - 1] ?? '', condition: 'healthy' as const }],
        manifests: suspended || restartedAt ? [toRest(service, suspended, restartedAt)] : [],
      }))
      return { stages, problems: [], objectNames: names.map((name) => `${identity.name}-${name}`) }
    },
    objectNames: ({ identity, spec }) => Object.keys(spec.services).map((name) => `${identity.name}-${name}`),
    maskStages,
    needs: needsOf,
    async facts() {
      mustReach()
      return {}
    },
    async apply(input, signal) {
      mustReach()
      await orchestrator.beforeApply(input, signal)
      await input.fence.check()
      applies.push(input)
      const { identity, stage } = input
      identities.set(identity.sid, identity)
      const found = running.get(identity.sid) ?? { identity, services: {}, createdAt: Date.now() }
      for (const service of stage.services) {
        const before = found.services[service]?.version
        const version = before ? { ...before, number: before.number + 1 } : first(service)
        const isAtRest = stage.manifests.some(({ body }) => body.suspended)
        found.services[service] = {
          ...(isAtRest ? ready : initial),
          ...(isAtRest && { idle: true }),
          version,
        }
      }
      running.set(identity.sid, found)
      changes.emit('change', identity.sid)
      return {
        changes: stage.services.map((service) => ({
          subject: `Deployment/${service}`,
          action: 'created' as const,
        })),
        problems: [],
        endpoints: [],
        versions: Object.fromEntries(
          stage.services.map((service) => [service, found.services[service]?.version ?? first(service)]),
        ),
        memo: {},
      }
    },
    async prune() {
      mustReach()
      return []
    },
    async *observe(signal) {
      const events = on(changes, 'change', { signal })
      for (const { identity } of running.values()) yield observation(identity)
      yield { type: 'synced' }
      for await (const [sid] of events) {
        const identity = identities.get(sid)
        if (identity) yield observation(identity)
      }
    },
    async guard(signal) {
      if (!signal.aborted) await once(signal, 'abort')
    },
    async remove({ sid }) {
      mustReach()
      const subjects = Object.keys(running.get(sid)?.services ?? {}).map((name) => `Deployment/${name}`)
      running.delete(sid)
      changes.emit('change', sid)
      return { changes: subjects.map((subject) => ({ subject, action: 'deleted' as const })), remaining: [] }
    },
    async list() {
      mustReach()
      return [...running.values()].map(toLiveSystem)
    },
    async discard({ sid }, objects) {
      mustReach()
      const found = running.get(sid)
      for (const { name } of objects) delete found?.services[name]
      if (Object.keys(found?.services ?? {}).length === 0) running.delete(sid)
      changes.emit('change', sid)
      return objects.map(({ subject }) => ({ subject, action: 'deleted' as const }))
    },
    async dryRun() {
      mustReach()
      return []
    },
    async differences({ sid }) {
      mustReach()
      return tampered.get(sid) ?? []
    },
    async logs(_identity, { service, follow }) {
      mustReach()
      const own = orchestrator.said.filter((line) => service === null || line.service === service)
      return follow || own.length > 0 ? Readable.from(own) : null
    },
    pullsOf: () => [],
    async prepare(input) {
      mustReach()
      if (!preparing.has(input.id)) await input.check()
      preparing.set(input.id, input)
      return orchestrator.lookAt(input)
    },
    async endPreparation({ id }) {
      mustReach()
      return preparing.delete(id) ? [`Pod/${id}`] : []
    },
    async preparations() {
      mustReach()
      return [...preparing.values()].map(({ id, tenant, namespace }) => ({
        id,
        tenant,
        namespace,
        objects: [{ subject: `DaemonSet/${id}`, name: id, uid: id, createdAt: 0 }],
      }))
    },
    async capacity(asked) {
      mustReach()
      return ampleCapacity(asked)
    },
    lastWords: async () => orchestrator.words,
    reviewToken: async () => null,
    async reachability() {
      return reachable
        ? { reachable, version: 'memory' }
        : { reachable, reason: 'the cluster does not answer' }
    },
    async close() {},
  }
  return orchestrator
}

/** What of a service's only manifest counts here. */
function toRest(service: string, suspended: boolean, restartedAt: string | null): Manifest {
  return { subject: `Deployment/${service}`, path: `services.${service}`, body: { suspended, restartedAt } }
}

function toLiveSystem({ identity, services, createdAt }: Running): LiveSystem {
  const names = Object.keys(services)
  const suspended = Object.values(services).some(({ idle }) => idle)
  const objects = names.map((name) => ({ subject: `Deployment/${name}`, name, uid: name, createdAt }))
  return {
    identity,
    createdAt,
    job: null,
    exposure: 'nodePort',
    suspended,
    services: names,
    endpoints: [],
    objects,
  }
}
