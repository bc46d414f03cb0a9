// Users, rights and kernel settings: the security contexts of the pod and of its container.
import type { V1PodSecurityContext, V1SecurityContext } from '@kubernetes/client-node'
import type { Problem } from '../../../problem.ts'
import type { Policy } from '../../../system/policy.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { isRoot } from '../../shared/policy.ts'
import { SAFE_SYSCTLS } from '../../shared/safe-sysctls.ts'
import type { ClusterFacts } from '../facts.ts'
import type { Context } from './context.ts'
import { remark } from './dispositions.ts'
import { notAllowed } from './permissions.ts'
import { isRestricted, toCapability, toRestrictedContext } from './pod-security.ts'
import { toGroups } from './pod-user.ts'
import { checkSecurityOptions, toProtections } from './security-options.ts'

export function toPodSecurity(service: ServiceSpec, { spec }: Context): V1PodSecurityContext | undefined {
  const { sysctls } = service
  const context: V1PodSecurityContext = {
    ...toGroups(service, spec),
    ...(Object.keys(sysctls).length > 0 && {
      sysctls: Object.entries(sysctls).map(([name, value]) => ({ name, value })),
    }),
  }
  return Object.keys(context).length > 0 ? context : undefined
}

export function toContainerSecurity(
  service: ServiceSpec,
  facts: ClusterFacts,
): V1SecurityContext | undefined {
  const { user, security } = service
  const { readOnlyRoot } = security
  const context: V1SecurityContext = {
    ...(user && { runAsUser: isRoot(user.user) ? 0 : Number(user.user) }),
    ...(user?.group && { runAsGroup: Number(user.group) }),
    ...(isRestricted(service) ? toRestrictedContext(service) : toDockerContext(service)),
    ...toProtections(service, facts),
    ...(readOnlyRoot && { readOnlyRootFilesystem: true }),
  }
  return Object.keys(context).length > 0 ? context : undefined
}

/** Docker's own rights, with what the file adds and takes away. */
function toDockerContext({ security }: ServiceSpec): V1SecurityContext {
  const { privileged, capAdd, capDrop } = security
  const capabilities = {
    ...(capAdd.length > 0 && { add: capAdd.map(toCapability) }),
    ...(capDrop.length > 0 && { drop: capDrop.map(toCapability) }),
  }
  return {
    ...(privileged && { privileged }),
    ...(Object.keys(capabilities).length > 0 && { capabilities }),
  }
}

export function checkSecurity(name: string, service: ServiceSpec, context: Context): Problem[] {
  const { policy } = context
  const path = `services.${name}`
  return [
    ...checkUser(path, service),
    ...service.groupAdd
      .filter((group) => !isId(group))
      .map((group) => byName(`${path}.group_add`, `the group \`${group}\``)),
    ...Object.keys(service.sysctls)
      .filter((key) => !SAFE_SYSCTLS.has(key))
      .map((key) => checkSysctl(`${path}.sysctls.${key}`, key, policy)),
    ...checkSecurityOptions(name, service, context),
  ]
}

/** What the operator allows, the kubelet of the node must allow too. */
function checkSysctl(path: string, key: string, { allow }: Policy): Problem {
  if (!allow.includes('unsafe_sysctls')) return notAllowed(path, `\`${key}\` reaches beyond the pod`)
  const message = `The pod starts only on nodes whose kubelet allows \`${key}\` (--allowed-unsafe-sysctls).`
  return remark('SYSCTL_OF_NODES', path, message)
}

function checkUser(path: string, { user }: ServiceSpec): Problem[] {
  if (!user) return []
  const problems = []
  if (!isRoot(user.user) && !isId(user.user))
    problems.push(byName(`${path}.user`, `the user \`${user.user}\``))
  if (user.group !== null && !isId(user.group))
    problems.push(byName(`${path}.user`, `the group \`${user.group}\``))
  return problems
}

/** Names are known to the image only, which is not looked into. */
function byName(path: string, who: string): Problem {
  return remark('USER_BY_NAME', path, `Kubernetes knows no names of an image: give the number of ${who}.`)
}

function isId(text: string): boolean {
  return /^\d{1,10}$/.test(text)
}
