// Whose namespaces a pod lives in, and on which networks.
import type { V1PodSpec } from '@kubernetes/client-node'
import type { Problem } from '../../../problem.ts'
import type { Namespace, Namespaces } from '../../../system/networks.ts'
import type { Permission, Policy } from '../../../system/policy.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { type Context, isAtLeast } from './context.ts'
import { remark } from './dispositions.ts'

const KEYS: Readonly<Record<Exclude<keyof Namespaces, 'cgroup'>, string>> = {
  network: 'network_mode',
  ipc: 'ipc',
  pid: 'pid',
  uts: 'uts',
  user: 'userns_mode',
}

/** Without one for `uts`: a pod has no field for it. */
const HOST_PERMISSIONS: Readonly<Record<string, Permission>> = {
  network_mode: 'host_network',
  pid: 'host_pid',
  ipc: 'host_ipc',
  userns_mode: 'host_users',
}

/** The containers of a pod share these, or may (see `toPodGroups`). */
const SHARED = new Set(['network_mode', 'ipc', 'pid'])

/** Before, every pod has the machine's users (KEP-127). */
const HOST_USERS_MINOR = 25

/** The fields of a pod; what is not allowed does not come so far. */
export function toHostNamespaces(service: ServiceSpec, { facts }: Context): Partial<V1PodSpec> {
  const { network, pid, ipc, user } = service.namespaces
  const isKnown = isAtLeast(facts, HOST_USERS_MINOR)
  return {
    ...(network?.kind === 'host' && { hostNetwork: true }),
    ...(pid?.kind === 'host' && { hostPID: true }),
    ...(ipc?.kind === 'host' && { hostIPC: true }),
    ...(user?.kind === 'host' && isKnown && { hostUsers: true }),
  }
}

export function checkNamespaces(name: string, { namespaces }: ServiceSpec, { policy }: Context): Problem[] {
  return Object.entries(KEYS).flatMap(([of, key]) => {
    const namespace = namespaces[of as keyof Namespaces]
    return namespace ? checkNamespace(`services.${name}.${key}`, key, namespace, policy) : []
  })
}

function checkNamespace(path: string, key: string, namespace: Namespace, policy: Policy): Problem[] {
  switch (namespace.kind) {
    case 'own':
    case 'shareable':
      return []
    case 'host': {
      const permission = HOST_PERMISSIONS[key]
      if (!permission) return [meaningless(path, key)]
      if (policy.allow.includes(permission)) return []
      const message = `\`${key}: host\` reaches into the machine, which the operator does not allow: remove it.`
      return [remark('NOT_ALLOWED', path, message)]
    }
    case 'none':
      return key === 'network_mode' ? checkCutOff(path) : []
    case 'service':
      return SHARED.has(key) ? [] : [meaningless(path, key)]
    case 'container':
    case 'other':
      return [meaningless(path, key)]
    default:
      return namespace satisfies never
  }
}

function meaningless(path: string, key: string): Problem {
  const message = `A cluster has nothing that this \`${key}\` could mean: remove it.`
  return remark('NOT_ON_KUBERNETES', path, message)
}

/** Docker's `none` has not even an address; a pod has one, which nobody reaches. */
function checkCutOff(path: string): Problem[] {
  const message =
    'A pod always has an address: a NetworkPolicy keeps all from it, where the network of the cluster knows policies.'
  return [remark('NETWORK_BY_POLICY', path, message)]
}
