// The one container of a service's pod.
import type { V1Container } from '@kubernetes/client-node'
import { toHostname } from '../../../system/names.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { toCommand } from './command.ts'
import type { Context } from './context.ts'
import { toEnvironment } from './environment.ts'
import { toLifecycle } from './hooks.ts'
import { toImage, toPullPolicy } from './image.ts'
import { toContainerPorts } from './ports.ts'
import { toLivenessProbe, toReadinessProbe } from './probe.ts'
import { toResources } from './resources.ts'
import { toContainerSecurity } from './security.ts'
import { toExtendedProbes } from './service-extension.ts'
import { toVolumeMounts } from './volumes.ts'

export function toContainer(name: string, service: ServiceSpec, context: Context): V1Container {
  return {
    name: toHostname(name),
    image: toImage(service),
    imagePullPolicy: toPullPolicy(service),
    ...toCommand(service),
    workingDir: service.workingDir ?? undefined,
    env: toEnvironment(service),
    ports: toContainerPorts(service),
    resources: toResources(service),
    ...toExtendedProbes(service, toReadinessProbe(service), toLivenessProbe(service)),
    lifecycle: toLifecycle(service, context),
    volumeMounts: toVolumeMounts(service, context),
    securityContext: toContainerSecurity(service, context.facts),
    // A terminal needs an input to read from (V1Container, "tty").
    stdin: service.stdinOpen || service.tty || undefined,
    tty: service.tty || undefined,
  }
}
