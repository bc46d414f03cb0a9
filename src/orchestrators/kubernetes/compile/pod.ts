// The pod template of a service, and of those that share its pod. Nothing in it changes from one job to the next while
// the file stays the same.
import type { V1PodSpec, V1PodTemplateSpec } from '@kubernetes/client-node'
import { hashOf } from '../../../system/hash.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { ANNOTATION } from '../labels.ts'
import { toHostNamespaces } from './check-namespaces.ts'
import { sharesProcesses } from './check-pod-groups.ts'
import type { Context } from './context.ts'
import { toPodNames } from './discovery.ts'
import { withFileGroup } from './file-group.ts'
import { toHostAliases } from './hosts.ts'
import { toNodeSelector } from './image.ts'
import { toNetworkLabels } from './network-labels.ts'
import { toServiceLabels } from './object-labels.ts'
import { toPlacing } from './placement.ts'
import { leaderOf, type Member, membersOf, toPodService, toServicesAnnotation } from './pod-members.ts'
import { toPodAnnotations, toPodLabels } from './pod-metadata.ts'
import { toPodParts } from './pod-parts.ts'
import { toRestartMark } from './rest.ts'
import { toPodSecurity } from './security.ts'
import { needsOwnUsers, toAppArmorAnnotation } from './security-options.ts'
import { toExtendedPod } from './service-extension.ts'
import { toOwnNames } from './stable-address.ts'
import { toGracePeriodSeconds, toOperatingSystem } from './stop.ts'

/** Of the service that leads the pod. `restartPolicy` left out is Always, the only one that a Deployment takes. */
export function toPodTemplate(
  name: string,
  service: ServiceSpec,
  context: Context,
  restartPolicy?: 'Never' | 'OnFailure',
): V1PodTemplateSpec {
  const members = membersOf(name, context)
  const pod = toPodService(name, service, context)
  return {
    metadata: {
      labels: {
        ...toPodLabels(pod),
        ...toServiceLabels(context.identity, name),
        ...toNetworkLabels(pod, context),
      },
      annotations: joined(
        toPodAnnotations(pod),
        ...members.map((member) => toAppArmorAnnotation(member.name, member.service, context.facts)),
        toRestartAnnotation(members, context),
        toServicesAnnotation(name, context),
        toRestartMark(context),
      ),
    },
    spec: { ...toPodSpec(name, service, context), restartPolicy },
  }
}

/** Service links, and tokens where no account is asked for, are off: Compose has neither, and both reach into the application. */
function toPodSpec(name: string, service: ServiceSpec, context: Context): V1PodSpec {
  const members = membersOf(name, context)
  const pod = toPodService(name, service, context)
  return {
    ...toPodNames(name, pod, context),
    hostAliases: toHostAliases(pod, toOwnNames(name, service, context)),
    ...toHostNamespaces(pod, context),
    ...(members.some((member) => needsOwnUsers(member.service)) && { hostUsers: false }),
    shareProcessNamespace: sharesProcesses(members) || undefined,
    ...Object.assign({}, ...members.map((member) => toOperatingSystem(member.service, context.facts))),
    enableServiceLinks: false,
    ...toExtendedPod(pod, context, toNodeSelector(pod)),
    terminationGracePeriodSeconds: toGracePeriodSeconds(pod),
    ...toPlacing(name, pod, context),
    securityContext: withFileGroup(toPodSecurity(pod, context), pod, context),
    ...toPodParts(name, context),
  }
}

/** `depends_on.<name>.restart`: another pod template of the dependency is another one of the dependant. */
function toRestartAnnotation(
  members: readonly Member[],
  context: Context,
): Record<string, string> | undefined {
  const own = new Set(members.map(({ name }) => name))
  const dependencies = members.flatMap(({ service }) =>
    Object.entries(service.dependsOn).filter(([name, { restart }]) => restart && !own.has(name)),
  )
  const specs = dependencies.flatMap(([name]) => {
    const leader = leaderOf(name, context)
    const dependency = context.spec.services[leader]
    return dependency ? [[name, toPodSpec(leader, dependency, context)]] : []
  })
  return specs.length > 0 ? { [ANNOTATION.restartWith]: hashOf(specs) } : undefined
}

/** Undefined where there are none. */
function joined(...parts: (Record<string, string> | undefined)[]): Record<string, string> | undefined {
  const given = parts.filter((part) => part !== undefined)
  return given.length > 0 ? Object.assign({}, ...given) : undefined
}
