// `x-k8s.podSecurity`, and the first Tycho's `security_context`: as whom the pods run, and the groups of their files.
import type { V1PodSecurityContext } from '@kubernetes/client-node'
import type { Problem } from '../../../problem.ts'
import type { Policy } from '../../../system/policy.ts'
import type { Extensions, ServiceSpec, SystemSpec } from '../../../system/spec.ts'
import { remark } from './dispositions.ts'
import { type PodSecurity, type ServiceExtension, X_K8S } from './extensions.ts'
import { toOriginalSecurity } from './original-extension.ts'

/**
 * A service without `user` runs as its pod does, so that all that is said of users holds for it too. Root, where it is
 * not allowed, is left to `checkPodUsers`.
 */
export function withPodUsers(spec: SystemSpec, { allow }: Policy): SystemSpec {
  const services = Object.entries(spec.services).map(([name, service]): [string, ServiceSpec] => {
    const { runAsUser, runAsGroup } = podSecurityOf(service, spec)
    const isGiven = runAsUser !== undefined && (runAsUser > 0 || allow.includes('root'))
    if (service.user || !isGiven) return [name, service]
    return [name, { ...service, user: { user: `${runAsUser}`, group: runAsGroup?.toString() ?? null } }]
  })
  return services.every(([name, service]) => service === spec.services[name])
    ? spec
    : { ...spec, services: Object.fromEntries(services) }
}

/** What is of the pod alone; users are the containers'. */
export function toGroups(service: ServiceSpec, spec: SystemSpec): V1PodSecurityContext {
  const { fsGroup, runAsNonRoot, supplementalGroups = [] } = podSecurityOf(service, spec)
  const groups = [...new Set([...service.groupAdd.map(Number), ...supplementalGroups])]
  return {
    ...(fsGroup !== undefined && { fsGroup }),
    ...(runAsNonRoot !== undefined && { runAsNonRoot }),
    ...(groups.length > 0 && { supplementalGroups: groups }),
  }
}

/** The service before the system, and `x-k8s` before what the first Tycho read. */
function podSecurityOf(service: ServiceSpec, spec: SystemSpec): PodSecurity {
  const all = [toOriginalSecurity(spec.extensions), saidIn(spec.extensions), saidIn(service.extensions)]
  const said = all.map((one) => Object.entries(one).filter(([, value]) => value !== undefined))
  return Object.fromEntries(said.flat())
}

function saidIn(extensions: Extensions): PodSecurity {
  return ((extensions[X_K8S] ?? {}) as ServiceExtension).podSecurity ?? {}
}

/** Root has rights over the machine by whichever key it is asked for. */
export function checkPodUsers(spec: SystemSpec, { allow }: Policy): Problem[] {
  if (allow.includes('root')) return []
  const places: [string, PodSecurity][] = [
    ['security_context', toOriginalSecurity(spec.extensions)],
    [`${X_K8S}.podSecurity`, saidIn(spec.extensions)],
    ...Object.entries(spec.services).map(([name, { extensions }]): [string, PodSecurity] => [
      `services.${name}.${X_K8S}.podSecurity`,
      saidIn(extensions),
    ]),
  ]
  return places
    .filter(([, { runAsUser }]) => runAsUser === 0)
    .map(([path]) => {
      const message =
        'The user root has rights over the machine, which the operator does not allow: remove it.'
      return remark('NOT_ALLOWED', path, message)
    })
}
