// What a service's process may do, and whose namespaces it lives in: fields of `HostConfig`.
import type { Namespace } from '../../../system/networks.ts'
import type { SecurityOption } from '../../../system/process.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Context } from './context.ts'
import { toContainerName } from './names.ts'
import { listOrNothing } from './resources.ts'

export function toRights({ security, groupAdd }: ServiceSpec) {
  const options = security.options.filter(isHandedOn)
  const isUnmasked = security.options.some(({ name }) => name === 'systempaths')
  return {
    Privileged: security.privileged || undefined,
    CapAdd: listOrNothing(security.capAdd.map(toCapability)),
    CapDrop: listOrNothing(security.capDrop.map(toCapability)),
    GroupAdd: listOrNothing(groupAdd),
    SecurityOpt: listOrNothing(options.map(textOf)),
    ReadonlyRootfs: security.readOnlyRoot || undefined,
    // What `docker run` makes of `systempaths=unconfined`.
    ...(isUnmasked && { MaskedPaths: [], ReadonlyPaths: [] }),
  }
}

export function toCapability(name: string): string {
  return name.toUpperCase().replace(/^CAP_/, '')
}

/** The engine's own profiles are what a container has anyway, and not every version knows their names. */
function isHandedOn({ name, value }: SecurityOption): boolean {
  return name !== 'systempaths' && !(name === 'seccomp' && value === 'builtin')
}

export function textOf({ name, value }: SecurityOption): string {
  return value === null ? name : `${name}=${value}`
}

export function toNamespaces({ namespaces }: ServiceSpec, context: Context) {
  const { network, ipc, pid, uts, user, cgroup } = namespaces
  return {
    NetworkMode: network && network.kind !== 'own' ? toMode(network, context) : undefined,
    IpcMode: ipc ? toMode(ipc, context) : undefined,
    PidMode: pid ? toMode(pid, context) : undefined,
    UTSMode: uts ? toMode(uts, context) : undefined,
    UsernsMode: user ? toMode(user, context) : undefined,
    CgroupnsMode: cgroup ? (toMode(cgroup, context) ?? 'private') : undefined,
  }
}

/** Undefined: the container's own, as the engine makes it. */
function toMode(namespace: Namespace, { identity, spec }: Context): string | undefined {
  switch (namespace.kind) {
    case 'host':
    case 'none':
    case 'shareable':
      return namespace.kind
    case 'service': {
      const service = spec.services[namespace.service]
      return service && `container:${toContainerName(identity, namespace.service, service, 1)}`
    }
    case 'own':
    case 'container':
    case 'other':
      return undefined
    default:
      return namespace satisfies never
  }
}

/** Services in whose namespaces this one lives, each once. */
export function hostsOf({ namespaces }: ServiceSpec): string[] {
  const named = Object.values(namespaces).flatMap((namespace) =>
    namespace?.kind === 'service' ? [namespace.service] : [],
  )
  return [...new Set(named)]
}
