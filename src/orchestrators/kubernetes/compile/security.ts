// Users, rights and kernel settings: the security contexts of the pod and of its container.
import type { V1PodSecurityContext, V1SecurityContext } from '@kubernetes/client-node'
import type { Problem } from '../../../problem.ts'
import type { SecurityOption } from '../../../system/process.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { remark } from './dispositions.ts'

/** Namespaced and without reach beyond the pod, so that every kubelet allows them (https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/). */
const SAFE_SYSCTLS = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
])

export function toPodSecurity({ groupAdd, sysctls }: ServiceSpec): V1PodSecurityContext | undefined {
  const context: V1PodSecurityContext = {
    ...(groupAdd.length > 0 && { supplementalGroups: groupAdd.map(Number) }),
    ...(Object.keys(sysctls).length > 0 && {
      sysctls: Object.entries(sysctls).map(([name, value]) => ({ name, value })),
    }),
  }
  return Object.keys(context).length > 0 ? context : undefined
}

export function toContainerSecurity({ user, security }: ServiceSpec): V1SecurityContext | undefined {
  const { capDrop, options, readOnlyRoot } = security
  const context: V1SecurityContext = {
    ...(user && { runAsUser: Number(user.user) }),
    ...(user?.group && { runAsGroup: Number(user.group) }),
    ...(capDrop.length > 0 && { capabilities: { drop: capDrop.map(toCapability) } }),
    ...(options.some(isNoNewPrivileges) && { allowPrivilegeEscalation: false }),
    ...(readOnlyRoot && { readOnlyRootFilesystem: true }),
  }
  return Object.keys(context).length > 0 ? context : undefined
}

export function checkSecurity(name: string, service: ServiceSpec): Problem[] {
  const path = `services.${name}`
  return [
    ...checkUser(path, service),
    ...service.groupAdd
      .filter((group) => !isId(group))
      .map((group) => byName(`${path}.group_add`, `the group \`${group}\``)),
    ...Object.keys(service.sysctls)
      .filter((key) => !SAFE_SYSCTLS.has(key))
      .map((key) => unsafe(`${path}.sysctls.${key}`, `\`${key}\` reaches beyond the pod`)),
    ...service.security.options.flatMap((option, at) => checkOption(`${path}.security_opt[${at}]`, option)),
  ]
}

function checkUser(path: string, { user }: ServiceSpec): Problem[] {
  if (!user) return []
  const problems = []
  if (isRoot(user.user))
    problems.push(
      unsafe(`${path}.user`, 'The user root has rights over the machine', 'give the number of another'),
    )
  else if (!isId(user.user)) problems.push(byName(`${path}.user`, `the user \`${user.user}\``))
  if (user.group !== null && !isId(user.group))
    problems.push(byName(`${path}.user`, `the group \`${user.group}\``))
  return problems
}

/** Names are known to the image only, which is not looked into. */
function byName(path: string, who: string): Problem {
  return remark('USER_BY_NAME', path, `Kubernetes knows no names of an image: give the number of ${who}.`)
}

function unsafe(path: string, what: string, advice = 'remove it'): Problem {
  return remark('NOT_ALLOWED', path, `${what}, which the operator does not allow: ${advice}.`)
}

function checkOption(path: string, option: SecurityOption): Problem[] {
  if (option.name === 'no-new-privileges') return []
  if (option.value === 'unconfined' || option.value === 'disable')
    return [unsafe(path, `\`${option.name}\` is switched off`)]
  const message = `\`${option.name}\` is not supported on Kubernetes yet: remove it.`
  return [remark('NOT_SUPPORTED_YET', path, message)]
}

function isNoNewPrivileges({ name, value }: SecurityOption): boolean {
  return name === 'no-new-privileges' && value !== 'false'
}

function isRoot(user: string): boolean {
  return user === 'root' || /^0+$/.test(user)
}

function isId(text: string): boolean {
  return /^\d{1,10}$/.test(text)
}

/** Docker takes capabilities with and without `CAP_`, in any case. */
function toCapability(text: string): string {
  return text.toUpperCase().replace(/^CAP_/, '')
}
