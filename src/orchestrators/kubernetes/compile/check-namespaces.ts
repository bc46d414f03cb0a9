// Whose namespaces a pod lives in, and on which networks.
import type { Problem } from '../../../problem.ts'
import { type Namespace, type Namespaces, networksOf } from '../../../system/networks.ts'
import type { ServiceSpec, SystemSpec } from '../../../system/spec.ts'
import { remark } from './dispositions.ts'

const KEYS: Readonly<Record<Exclude<keyof Namespaces, 'cgroup'>, string>> = {
  network: 'network_mode',
  ipc: 'ipc',
  pid: 'pid',
  uts: 'uts',
  user: 'userns_mode',
}

export function checkNamespaces(name: string, { namespaces }: ServiceSpec): Problem[] {
  return Object.entries(KEYS).flatMap(([of, key]) => {
    const namespace = namespaces[of as keyof Namespaces]
    return namespace ? checkNamespace(`services.${name}.${key}`, key, namespace) : []
  })
}

function checkNamespace(path: string, key: string, namespace: Namespace): Problem[] {
  switch (namespace.kind) {
    case 'own':
    case 'shareable':
      return []
    case 'host': {
      const message = `\`${key}: host\` reaches into the machine, which the operator does not allow: remove it.`
      return [remark('NOT_ALLOWED', path, message)]
    }
    case 'none':
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

/** Pods of one system reach each other; keeping some of them apart takes policies. */
export function checkNetworks(spec: SystemSpec): Problem[] {
  const services = Object.entries(spec.services)
  const all = new Set(services.flatMap(([, service]) => networksOf(service)))
  if (all.size < 2) return []
  const naming = services.filter(([, { networks }]) => Object.keys(networks).length > 0)
  return naming.map(([name]) => {
    const message = `Several networks (${[...all].slice(0, 5).join(', ')}) are not supported on Kubernetes yet: remove \`networks\`, and all services reach each other.`
    return remark('NOT_SUPPORTED_YET', `services.${name}.networks`, message)
  })
}
