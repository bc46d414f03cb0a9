// What `x-k8s` asks for and is not there to be had. Its schema is held where the file is read: see `checkExtension`.
import type { Problem } from '../../../problem.ts'
import type { ServiceSpec, SystemSpec } from '../../../system/spec.ts'
import { remark } from './dispositions.ts'
import { type ServiceExtension, X_K8S } from './extensions.ts'
import { checkController } from './service-extension.ts'

/** Other `x-*` keys say nothing to Tycho, as the specification has it. */
export function checkExtensions(spec: SystemSpec): Problem[] {
  return Object.entries(spec.services).flatMap(([name, service]) => [
    ...checkUnread(name, service),
    ...checkController(name, service),
  ])
}

function checkUnread(name: string, { extensions }: ServiceSpec): Problem[] {
  const { controller } = (extensions[X_K8S] ?? {}) as ServiceExtension
  if (controller !== 'statefulset') return []
  const message = 'This `controller` is not supported yet: remove it.'
  return [remark('NOT_SUPPORTED_YET', `services.${name}.${X_K8S}.controller`, message)]
}
