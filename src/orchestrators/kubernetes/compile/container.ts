// The one container of a service's pod.
import type { V1Container } from '@kubernetes/client-node'
import type { ServiceSpec } from '../../../system/spec.ts'
import { toCommand } from './command.ts'
import { toEnvironment } from './environment.ts'
import { toHostname } from './names.ts'
import { toContainerPorts } from './ports.ts'
import { toReadinessProbe } from './probe.ts'
import { toResources } from './resources.ts'

export function toContainer(name: string, service: ServiceSpec): V1Container {
  return {
    name: toHostname(name),
    image: service.image,
    ...toCommand(service),
    env: toEnvironment(service),
    ports: toContainerPorts(service),
    resources: toResources(service),
    readinessProbe: toReadinessProbe(service),
  }
}
