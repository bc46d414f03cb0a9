// What the objects of a system take of the engine's machine, read from its manifests. Pure.
import { type Needs, NO_NEEDS, sumNeeds } from '../../../system/needs.ts'
import type { Stage } from '../../orchestrator.ts'
import type { ContainerObject, EngineObject } from '../objects.ts'

/** What `HostConfig` has of it (Docker Engine API v1.41). */
type Asked = {
  NanoCpus?: number
  CpuQuota?: number
  CpuPeriod?: number
  Memory?: number
  MemoryReservation?: number
}

/** In microseconds: the time to which a quota belongs where nothing else is said. */
const USUAL_PERIOD_US = 100_000

/** Steps that run before a service are over when it runs, and so count as objects alone. */
export function needsOf(stages: readonly Stage[]): Needs {
  const objects = stages.flatMap(({ manifests }) => manifests.map(({ body }) => body as EngineObject))
  return sumNeeds(objects.filter((object) => !isThere(object)).map((object) => [needsOfObject(object), 1]))
}

function isThere(object: EngineObject): boolean {
  return 'external' in object && object.external
}

function needsOfObject(object: EngineObject): Needs {
  const own: Needs = { ...NO_NEEDS, objects: { [object.kind]: 1 } }
  switch (object.kind) {
    case 'container':
      return { ...own, ...needsOfContainer(object) }
    case 'image':
      return { ...own, objects: {}, images: object.build ? [] : [object.name] }
    case 'network':
    case 'volume':
    case 'files':
      return own
    default:
      return object satisfies never
  }
}

function needsOfContainer({ create, ports, service, suspended }: ContainerObject): Partial<Needs> {
  if (suspended || service.includes('/')) return {}
  const { NanoCpus, CpuQuota, CpuPeriod, Memory, MemoryReservation } = (create.HostConfig ?? {}) as Asked
  const cpuLimits = NanoCpus ? NanoCpus / 1e9 : Math.max(0, CpuQuota ?? 0) / (CpuPeriod ?? USUAL_PERIOD_US)
  return {
    pods: 1,
    nodePorts: ports.length,
    cpuLimits,
    memoryLimits: Memory ?? 0,
    memoryRequests: MemoryReservation ?? 0,
  }
}
