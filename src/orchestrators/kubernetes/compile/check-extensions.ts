// What speaks to Kubernetes beside the specification: `x-k8s`, and what the first Tycho took.
import type { Problem } from '../../../problem.ts'
import type { ExtensionLevel } from '../../../system/extensions.ts'
import type { Extensions, SystemSpec } from '../../../system/spec.ts'
import { remark } from './dispositions.ts'
import { checkExtension, ORIGINAL_KEYS, type ServiceExtension, X_K8S } from './extensions.ts'
import { checkController } from './service-extension.ts'

/** Other `x-*` keys say nothing to Tycho, as the specification has it. */
export function checkExtensions(spec: SystemSpec): Problem[] {
  const problems = checkLevel('system', '', spec.extensions)
  for (const [name, service] of Object.entries(spec.services)) {
    problems.push(...checkLevel('service', `services.${name}.`, service.extensions))
    problems.push(...checkController(name, service))
    for (const [at, port] of service.ports.entries())
      problems.push(...checkPort(`services.${name}.ports[${at}]`, port.extensions))
  }
  return problems
}

function checkLevel(level: 'system' | 'service', path: string, extensions: Extensions): Problem[] {
  const keys = [X_K8S, ORIGINAL_KEYS[level]].filter((key) => key in extensions)
  return keys.flatMap((key) => {
    const problems = checkPlace(level, key, path, extensions)
    return problems.length > 0 || key !== X_K8S ? problems : checkUnread(path, extensions[key])
  })
}

function checkPlace(level: ExtensionLevel, key: string, path: string, extensions: Extensions): Problem[] {
  return checkExtension(level, key, extensions[key]).map((complaint) => {
    const at = complaint.path === '' ? '' : `.${complaint.path}`
    return remark('INVALID_EXTENSION', `${path}${key}${at}`, `\`${key}${at}\`: ${complaint.message}.`)
  })
}

function checkUnread(path: string, value: unknown): Problem[] {
  const { controller } = value as ServiceExtension
  if (controller !== 'statefulset') return []
  const message = 'This `controller` is not supported yet: remove it.'
  return [remark('NOT_SUPPORTED_YET', `${path}${X_K8S}.controller`, message)]
}

function checkPort(path: string, extensions: Extensions): Problem[] {
  return X_K8S in extensions ? checkPlace('port', X_K8S, `${path}.`, extensions) : []
}
