// Whose namespaces a pod lives in, and on which networks.
import type { V1PodSpec } from '@kubernetes/client-node'
import type { Problem } from '../../../problem.ts'
import type { Namespace, Namespaces } from '../../../system/networks.ts'
import type { Permission, Policy } from '../../../system/policy.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Context } from './context.ts'
import { remark } from './dispositions.ts'

const KEYS: Readonly<Record<Exclude<keyof Namespaces, 'cgroup'>, string>> = {
  network: 'network_mode',
  ipc: 'ipc',
  pid: 'pid',
  uts: 'uts',
  user: 'userns_mode',
}

/** Without one for `uts` and `userns_mode`: a pod has no field for the first, and the machine's users are the default. */
const HOST_PERMISSIONS: Readonly<Record<string, Permission>> = {
  network_mode: 'host_network',
  pid: 'host_pid',
  ipc: 'host_ipc',
}

/** The fields of a pod; what is not allowed does not come so far. */
export function toHostNamespaces({ namespaces }: ServiceSpec): Partial<V1PodSpec> {
  return {
    ...(namespaces.network?.kind === 'host' && { hostNetwork: true }),
    ...(namespaces.pid?.kind === 'host' && { hostPID: true }),
    ...(namespaces.ipc?.kind === 'host' && { hostIPC: true }),
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
      if (permission && policy.allow.includes(permission)) return []
      const message = `\`${key}: host\` reaches into the machine, which the operator does not allow: remove it.`
      return [remark('NOT_ALLOWED', path, message)]
    }
    case 'none':
      return key === 'network_mode' ? checkCutOff(path) : []
    case 'service': {
      const message = `This \`${key}\` is not supported on Kubernetes yet: remove it.`
      return [remark('NOT_SUPPORTED_YET', path, message)]
    }
    case 'container':
    case 'other': {
      const message = `A cluster has nothing that this \`${key}\` could mean: remove it.`
      return [remark('NOT_ON_KUBERNETES', path, message)]
    }
    default:
      return namespace satisfies never
  }
}

/** Docker's `none` has not even an address; a pod has one, which nobody reaches. */
function checkCutOff(path: string): Problem[] {
  const message =
    'A pod always has an address: a NetworkPolicy keeps all from it, where the network of the cluster knows policies.'
  return [remark('NETWORK_BY_POLICY', path, message)]
}
