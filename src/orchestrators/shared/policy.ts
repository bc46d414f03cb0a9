// What the operator's policy lets a service do: images, amounts, and keys that give rights over the machine.
import { withRegistry } from '../../system/images.ts'
import type { Permission, Policy, ResourceBounds } from '../../system/policy.ts'
import type { ServiceSpec, SystemSpec } from '../../system/spec.ts'

/** What is not allowed; the orchestrator's table says how grave it is. */
export type Refusal = {
  code: 'IMAGE_NOT_ALLOWED' | 'RESOURCES_NOT_ALLOWED' | 'NOT_ALLOWED'
  path: string
  message: string
}

/** An image that a file names, and where. */
export type NamedImage = { path: string; image: string }

/** Where neither the file nor the policy's default says a limit, the greatest that is allowed is one. */
export function withBounds(spec: SystemSpec, { resources }: Policy): SystemSpec {
  const { default: usual, max } = resources
  const bounds = { cpus: usual.cpus ?? max.cpus, memoryBytes: usual.memoryBytes ?? max.memoryBytes }
  if (bounds.cpus === null && bounds.memoryBytes === null) return spec
  const services = Object.entries(spec.services).map(([name, service]) => [name, bounded(service, bounds)])
  return { ...spec, services: Object.fromEntries(services) }
}

/** A limit is not put below what the service sets aside. */
function bounded(service: ServiceSpec, bounds: ResourceBounds): ServiceSpec {
  const { limits, reservations } = service.resources
  const hasQuota = service.cpu.quotaUs !== null && service.cpu.quotaUs > 0
  const cpus = limits.cpus || hasQuota ? limits.cpus : atLeast(bounds.cpus, reservations.cpus)
  const memoryBytes = limits.memoryBytes || atLeast(bounds.memoryBytes, reservations.memoryBytes)
  return { ...service, resources: { ...service.resources, limits: { ...limits, cpus, memoryBytes } } }
}

function atLeast(bound: number | null, reserved: number | null): number | null {
  return bound === null ? null : Math.max(bound, reserved ?? 0)
}

/** `images`: all that the service names, wherever the file does. */
export function refusalsOf(
  path: string,
  service: ServiceSpec,
  policy: Policy,
  images: readonly NamedImage[],
): Refusal[] {
  return [
    ...images.flatMap((named) => refuseImage(named, policy.images)),
    ...refuseAmounts(path, service, policy.resources.max),
    ...refuseRights(path, service, policy),
  ]
}

function refuseImage({ path, image }: NamedImage, images: Policy['images']): Refusal[] {
  if (images === null || image === '' || images.some((pattern) => matches(pattern, image))) return []
  const message = `The operator allows images like ${images.join(', ') || 'none'}, not \`${image}\`.`
  return [{ code: 'IMAGE_NOT_ALLOWED', path, message }]
}

/** `*` is any text. A pattern speaks of the reference as it is written, and of its full form on Docker Hub. */
function matches(pattern: string, image: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const expression = new RegExp(`^${parts.join('.*')}$`)
  return expression.test(image) || expression.test(withRegistry(image))
}

function refuseAmounts(path: string, { resources, cpu }: ServiceSpec, max: ResourceBounds): Refusal[] {
  const quota = cpu.quotaUs !== null && cpu.quotaUs > 0 ? cpu.quotaUs / (cpu.periodUs || 100_000) : null
  const cpus = Math.max(resources.limits.cpus ?? quota ?? 0, resources.reservations.cpus ?? 0)
  const bytes = Math.max(resources.limits.memoryBytes ?? 0, resources.reservations.memoryBytes ?? 0)
  return [
    ...(max.cpus !== null && cpus > max.cpus
      ? [above(`${path}.deploy.resources.limits.cpus`, `${max.cpus} cores`)]
      : []),
    ...(max.memoryBytes !== null && bytes > max.memoryBytes
      ? [above(`${path}.deploy.resources.limits.memory`, `${max.memoryBytes} bytes of memory`)]
      : []),
  ]
}

function above(path: string, most: string): Refusal {
  const message = `The operator allows a service ${most}: ask for less.`
  return { code: 'RESOURCES_NOT_ALLOWED', path, message }
}

function refuseRights(path: string, { security, user }: ServiceSpec, policy: Policy): Refusal[] {
  const asked: [Permission, boolean, string, string][] = [
    ['privileged', security.privileged, 'privileged', '`privileged` gives rights over the machine'],
    ['cap_add', security.capAdd.length > 0, 'cap_add', '`cap_add` gives rights over the machine'],
    ['root', user !== null && isRoot(user.user), 'user', 'The user root has rights over the machine'],
  ]
  return asked
    .filter(([permission, isAsked]) => isAsked && !policy.allow.includes(permission))
    .map(([, , key, what]) => refuse(`${path}.${key}`, what))
}

export function refuse(path: string, what: string): Refusal {
  const message = `${what}, which the operator does not allow: remove it.`
  return { code: 'NOT_ALLOWED', path, message }
}

export function isRoot(user: string): boolean {
  return user === 'root' || /^0+$/.test(user)
}

/** Whether `user`, as a hook has it, is root. */
export function isRootText(user: string): boolean {
  return isRoot(user.split(':', 1)[0] ?? '')
}

const DOCKER_SOCKET = /\/(?:docker|podman|containerd)\.sock$/

/** What a bind mount of this path of the machine needs. */
export function permissionOf(path: string): Permission {
  return DOCKER_SOCKET.test(path) ? 'docker_socket' : 'host_path'
}

/** Whether a source of a bind mount is a path of the machine, on whichever system it was written. */
export function isHostPath(source: string): boolean {
  return /^[/\\~]|^[A-Za-z]:[\\/]/.test(source)
}
