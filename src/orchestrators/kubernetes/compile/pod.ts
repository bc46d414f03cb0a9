// The pod template of a service. Nothing in it changes from one job to the next while the file stays the same.
import type { V1PodSpec, V1PodTemplateSpec } from '@kubernetes/client-node'
import type { ServiceSpec } from '../../../system/spec.ts'
import { ANNOTATION } from '../labels.ts'
import { toHostNamespaces } from './check-namespaces.ts'
import { toContainer } from './container.ts'
import type { Context } from './context.ts'
import { toPodNames } from './discovery.ts'
import { withFileGroup } from './file-group.ts'
import { hashOf } from './hash.ts'
import { toHostAliases } from './hosts.ts'
import { toNodeSelector } from './image.ts'
import { toInitContainers } from './init-containers.ts'
import { toNetworkLabels } from './network-labels.ts'
import { toServiceLabels } from './object-labels.ts'
import { toPlacing } from './placement.ts'
import { toPodAnnotations, toPodLabels } from './pod-metadata.ts'
import { toPodSecurity } from './security.ts'
import { toAppArmorAnnotation } from './security-options.ts'
import { toExtendedPod } from './service-extension.ts'
import { toGracePeriodSeconds, toOperatingSystem } from './stop.ts'
import { toVolumes } from './volumes.ts'

/** `restartPolicy` left out is Always, the only one that a Deployment takes. */
export function toPodTemplate(
  name: string,
  service: ServiceSpec,
  context: Context,
  restartPolicy?: 'Never' | 'OnFailure',
): V1PodTemplateSpec {
  return {
    metadata: {
      labels: {
        ...toPodLabels(service),
        ...toServiceLabels(context.identity, name),
        ...toNetworkLabels(service, context),
      },
      annotations: joined(
        toPodAnnotations(service),
        toAppArmorAnnotation(name, service, context.facts),
        toRestartAnnotation(service, context),
      ),
    },
    spec: { ...toPodSpec(name, service, context), restartPolicy },
  }
}

/** Service links, and tokens where no account is asked for, are off: Compose has neither, and both reach into the application. */
function toPodSpec(name: string, service: ServiceSpec, context: Context): V1PodSpec {
  return {
    ...toPodNames(name, service, context),
    hostAliases: toHostAliases(service),
    ...toHostNamespaces(service, context),
    ...toOperatingSystem(service, context.facts),
    enableServiceLinks: false,
    ...toExtendedPod(service, context, toNodeSelector(service)),
    terminationGracePeriodSeconds: toGracePeriodSeconds(service),
    ...toPlacing(name, service, context),
    securityContext: withFileGroup(toPodSecurity(service, context), service, context),
    volumes: toVolumes(service, context),
    initContainers: toInitContainers(service, context),
    containers: [toContainer(name, service, context)],
  }
}

/** `depends_on.<name>.restart`: another pod template of the dependency is another one of the dependant. */
function toRestartAnnotation(service: ServiceSpec, context: Context): Record<string, string> | undefined {
  const dependencies = Object.entries(service.dependsOn).filter(([, { restart }]) => restart)
  const specs = dependencies.flatMap(([name]) => {
    const dependency = context.spec.services[name]
    return dependency ? [[name, toPodSpec(name, dependency, context)]] : []
  })
  return specs.length > 0 ? { [ANNOTATION.restartWith]: hashOf(specs) } : undefined
}

/** Undefined where there are none. */
function joined(...parts: (Record<string, string> | undefined)[]): Record<string, string> | undefined {
  const given = parts.filter((part) => part !== undefined)
  return given.length > 0 ? Object.assign({}, ...given) : undefined
}
