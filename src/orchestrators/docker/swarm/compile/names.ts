// Names of a system's objects in a swarm, which have no dot: what is before the first underscore is the namespace.
import { cutLabel, LABEL_MAX } from '../../../../system/names.ts'
import type { SystemIdentity } from '../../../../system/spec.ts'
import { toGateName, toObjectName, toPrefix } from '../../compile/names.ts'

/** A config or a secret has at most so many characters in its name. */
const FILE_NAME_MAX = 64

/** `<system>-<service>`: a DNS label, as services need, with the namespace before an underscore, which no such name has. */
export function toServiceName(identity: SystemIdentity, service: string): string {
  return named(identity, toObjectName(identity.name, service))
}

export function toStepName(identity: SystemIdentity, service: string, step: number): string {
  return named(identity, toGateName(identity, service, step).slice(toPrefix(identity).length))
}

/** Of a file that a service mounts, by a hash of what is in it. */
export function toFileName(identity: SystemIdentity, service: string, hash: string): string {
  const prefix = namespaceOf(identity)
  const room = FILE_NAME_MAX - prefix.length - hash.length - 1
  return `${prefix}${cutLabel(toObjectName(identity.name, service), room)}-${hash}`
}

function named(identity: SystemIdentity, name: string): string {
  const prefix = namespaceOf(identity)
  return `${prefix}${cutLabel(name, LABEL_MAX - prefix.length)}`
}

/** At most half of a name is the namespace's. */
function namespaceOf(identity: SystemIdentity): string {
  const prefix = toPrefix(identity)
  return prefix === '' ? '' : `${cutLabel(identity.namespace, 24)}_`
}
