// What the operator's policy lets a service do: images, amounts, and keys that give rights over the machine.
import type { Problem } from '../../../problem.ts'
import { withRegistry } from '../../../system/images.ts'
import type { Permission, Policy, ResourceBounds } from '../../../system/policy.ts'
import type { ServiceSpec, SystemSpec } from '../../../system/spec.ts'
import { remark } from './dispositions.ts'
import { toImage } from './image.ts'
import { KOMPOSE } from './kompose.ts'

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

export function checkPolicy(name: string, service: ServiceSpec, policy: Policy): Problem[] {
  const path = `services.${name}`
  return [
    ...checkImages(path, service, policy),
    ...checkAmounts(path, service, policy.resources.max),
    ...checkRights(path, service, policy),
  ]
}

/** Wherever the file names one. */
function checkImages(path: string, service: ServiceSpec, { images }: Policy): Problem[] {
  const own = { path: service.image === toImage(service) ? 'image' : 'x-k8s.image', image: toImage(service) }
  const steps = service.hooks.preStart.map(({ image }, at) => ({ path: `pre_start[${at}].image`, image }))
  const label = { path: `labels.${KOMPOSE.initImage}`, image: service.labels[KOMPOSE.initImage] }
  return [own, ...steps, label].flatMap((named) =>
    checkImage(`${path}.${named.path}`, named.image ?? '', images),
  )
}

function checkImage(path: string, image: string, images: Policy['images']): Problem[] {
  if (images === null || image === '' || images.some((pattern) => matches(pattern, image))) return []
  const message = `The operator allows images like ${images.join(', ') || 'none'}, not \`${image}\`.`
  return [remark('IMAGE_NOT_ALLOWED', path, message)]
}

/** `*` is any text. A pattern speaks of the reference as it is written, and of its full form on Docker Hub. */
function matches(pattern: string, image: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const expression = new RegExp(`^${parts.join('.*')}$`)
  return expression.test(image) || expression.test(withRegistry(image))
}

function checkAmounts(path: string, { resources, cpu }: ServiceSpec, max: ResourceBounds): Problem[] {
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

function above(path: string, most: string): Problem {
  return remark('RESOURCES_NOT_ALLOWED', path, `The operator allows a service ${most}: ask for less.`)
}

function checkRights(path: string, { security, user }: ServiceSpec, policy: Policy): Problem[] {
  const asked: [Permission, boolean, string, string][] = [
    ['privileged', security.privileged, 'privileged', '`privileged` gives rights over the machine'],
    ['cap_add', security.capAdd.length > 0, 'cap_add', '`cap_add` gives rights over the machine'],
    ['root', user !== null && isRoot(user.user), 'user', 'The user root has rights over the machine'],
  ]
  return asked
    .filter(([permission, isAsked]) => isAsked && !policy.allow.includes(permission))
    .map(([, , key, what]) => notAllowed(`${path}.${key}`, what))
}

export function notAllowed(path: string, what: string): Problem {
  return remark('NOT_ALLOWED', path, `${what}, which the operator does not allow: remove it.`)
}

export function isRoot(user: string): boolean {
  return user === 'root' || /^0+$/.test(user)
}
