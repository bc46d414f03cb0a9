// What the services of a system take of a swarm, and the images that they need, read from its manifests. Pure.
import type { ImagePull } from '../../../../system/image-pull.ts'
import { type Needs, NO_NEEDS, sumNeeds } from '../../../../system/needs.ts'
import type { Stage } from '../../../orchestrator.ts'
import type { ServiceObject, SwarmObject } from '../objects.ts'

type Amounts = { NanoCPUs?: number; MemoryBytes?: number }

/** What is read of the body of a service. */
type Spec = {
  TaskTemplate: {
    ContainerSpec: { Image: string }
    Resources: { Limits: Amounts; Reservations: Amounts }
  }
  Mode: { Replicated?: { Replicas: number }; ReplicatedJob?: { TotalCompletions: number } }
  EndpointSpec: { Ports?: unknown[] }
}

/** Of a service of every node one task is counted; steps before a service are over when it runs. */
export function needsOf(stages: readonly Stage[]): Needs {
  return sumNeeds(objectsIn(stages).map((object) => [needsOfObject(object), 1]))
}

/** Each once. Every node pulls what its tasks need. */
export function pullsOf(stages: readonly Stage[]): ImagePull[] {
  const images = objectsIn(stages).flatMap((object) => (object.kind === 'service' ? imageOf(object) : []))
  return [...new Set(images)].map((image) => ({ image, policy: 'missing', where: {} }))
}

function objectsIn(stages: readonly Stage[]): SwarmObject[] {
  return stages.flatMap(({ manifests }) => manifests.map(({ body }) => body as SwarmObject))
}

function imageOf({ spec }: ServiceObject): string {
  return (spec as Spec).TaskTemplate.ContainerSpec.Image
}

function needsOfObject(object: SwarmObject): Needs {
  if (object.kind !== 'service') {
    return object.external ? NO_NEEDS : { ...NO_NEEDS, objects: { [object.kind]: 1 } }
  }
  const own: Needs = { ...NO_NEEDS, objects: { service: 1 }, images: [imageOf(object)] }
  if (object.suspended || object.service.includes('/')) return own
  const { Mode, TaskTemplate, EndpointSpec } = object.spec as Spec
  const copies = Mode.Replicated?.Replicas ?? Mode.ReplicatedJob?.TotalCompletions ?? 1
  const { Limits, Reservations } = TaskTemplate.Resources
  const task: Needs = {
    ...NO_NEEDS,
    pods: 1,
    nodePorts: EndpointSpec.Ports?.length ?? 0,
    cpuLimits: (Limits.NanoCPUs ?? 0) / 1e9,
    cpuRequests: (Reservations.NanoCPUs ?? 0) / 1e9,
    memoryLimits: Limits.MemoryBytes ?? 0,
    memoryRequests: Reservations.MemoryBytes ?? 0,
  }
  return sumNeeds([
    [own, 1],
    [task, copies],
  ])
}
