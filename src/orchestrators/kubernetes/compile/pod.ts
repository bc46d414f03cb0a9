// The pod template of a service. Nothing in it changes from one job to the next while the file stays the same.
import type { V1PodSpec, V1PodTemplateSpec } from '@kubernetes/client-node'
import type { ServiceSpec } from '../../../system/spec.ts'
import { ANNOTATION } from '../labels.ts'
import { toContainer } from './container.ts'
import type { Context } from './context.ts'
import { toPodNames } from './discovery.ts'
import { hashOf } from './hash.ts'
import { toHostAliases } from './hosts.ts'
import { toNodeSelector } from './image.ts'
import { toServiceLabels } from './object-labels.ts'
import { toPodAnnotations, toPodLabels } from './pod-metadata.ts'
import { toPodSecurity } from './security.ts'
import { toGracePeriodSeconds } from './stop.ts'
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
      labels: { ...toPodLabels(service), ...toServiceLabels(context.identity, name) },
      annotations: joined(toPodAnnotations(service), toRestartAnnotation(service, context)),
    },
    spec: { ...toPodSpec(name, service, context), restartPolicy },
  }
}

/** Service links and tokens are off: Compose has neither, and both reach into the application. */
function toPodSpec(name: string, service: ServiceSpec, context: Context): V1PodSpec {
  return {
    ...toPodNames(name, service, context),
    hostAliases: toHostAliases(service),
    enableServiceLinks: false,
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: toGracePeriodSeconds(service),
    nodeSelector: toNodeSelector(service),
    securityContext: toPodSecurity(service),
    volumes: toVolumes(service),
    containers: [toContainer(name, service)],
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

function joined(
  one: Record<string, string> | undefined,
  other: Record<string, string> | undefined,
): Record<string, string> | undefined {
  return one && other ? { ...one, ...other } : (one ?? other)
}
