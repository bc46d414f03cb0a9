// Names of a system's objects on an engine, which many tenants may share: what is before a dot is the namespace.
import { cutLabel, LABEL_MAX, toHostname, toServiceName } from '../../../system/names.ts'
import type { ServiceSpec, SystemIdentity } from '../../../system/spec.ts'

/** A name of an engine's object, which has no namespace of its own (`namesgenerator` and `RestrictedNamePattern` of Docker). */
const ENGINE_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_-]+$/

/** Leaves room for the number of a copy. */
const OBJECT_NAME_MAX = 56

/** The namespace whose objects have no prefix. */
const PLAIN_NAMESPACE = 'default'

/** What is put before the name of each object: `<namespace>.`, and nothing in the default namespace. */
export function toPrefix({ namespace }: SystemIdentity): string {
  return namespace === PLAIN_NAMESPACE ? '' : `${namespace}.`
}

/** Whether the file may give it to an object: no dot, so that nobody names another namespace. */
export function isEngineName(name: string): boolean {
  return ENGINE_NAME.test(name)
}

/** `<system>-<service>`, or `<system>` where the service is called as the system; without the namespace. */
export function toObjectName(system: string, service: string): string {
  return toServiceName(system, service, OBJECT_NAME_MAX)
}

/** Of a copy, counted from 1. A name of the file's own is taken where there is one copy. */
export function toContainerName(
  identity: SystemIdentity,
  name: string,
  service: Pick<ServiceSpec, 'containerName' | 'replicas'>,
  copy: number,
): string {
  const own = service.replicas <= 1 ? service.containerName : null
  return `${toPrefix(identity)}${own ?? `${toObjectName(identity.name, name)}-${copy}`}`
}

/**
 * Of the step with this number of what runs once before a service. Two hyphens after the system's name: no service can be
 * called so.
 */
export function toGateName(identity: SystemIdentity, service: string, step: number): string {
  const name = cutLabel(`${identity.name}--pre-start-${toHostname(service)}`, LABEL_MAX)
  return `${toPrefix(identity)}${name}-${step}`
}

/** Of what the file describes under `networks` or `volumes`; without the namespace. */
export function toPartName(
  system: string,
  key: string,
  spec: { name: string | null; external: boolean },
): string {
  if (spec.external) return spec.name ?? key
  return spec.name ?? `${system}_${key}`
}

/** The volume with the files of a service, by a hash of what is in it. */
export function toFilesName(identity: SystemIdentity, service: string, hash: string): string {
  return `${toPrefix(identity)}${toObjectName(identity.name, service)}--files-${hash}`
}

/** Of an image that is built for a service, by a hash of what it is built from. */
export function toBuiltName(identity: SystemIdentity, service: string, hash: string): string {
  return `tycho/${identity.namespace}/${toObjectName(identity.name, service)}:${hash}`
}
