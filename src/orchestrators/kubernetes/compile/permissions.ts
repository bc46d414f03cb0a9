// What the operator's policy lets a service do.
import type { Problem } from '../../../problem.ts'
import type { Policy } from '../../../system/policy.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { type NamedImage, refusalsOf, refuse } from '../../shared/policy.ts'
import { remark } from './dispositions.ts'
import { toImage } from './image.ts'
import { KOMPOSE } from './kompose.ts'

export function checkPolicy(name: string, service: ServiceSpec, policy: Policy): Problem[] {
  const path = `services.${name}`
  const refusals = refusalsOf(path, service, policy, imagesOf(path, service))
  return refusals.map(({ code, path: at, message }) => remark(code, at, message))
}

/** Wherever the file names one. */
function imagesOf(path: string, service: ServiceSpec): NamedImage[] {
  const image = toImage(service)
  const key = service.image === image ? 'image' : 'x-k8s.image'
  const steps = service.hooks.preStart.map((hook, at) => ({
    path: `${path}.pre_start[${at}].image`,
    image: hook.image ?? '',
  }))
  const ofLabel = service.labels[KOMPOSE.initImage] ?? ''
  return [
    { path: `${path}.${key}`, image },
    ...steps,
    { path: `${path}.labels.${KOMPOSE.initImage}`, image: ofLabel },
  ]
}

export function notAllowed(path: string, what: string): Problem {
  const { code, message } = refuse(path, what)
  return remark(code, path, message)
}
