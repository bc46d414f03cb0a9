// What speaks to Kubernetes beside the specification: `x-k8s`, and what the first Tycho took.
import type { Problem } from '../../../problem.ts'
import type { ExtensionLevel } from '../../../system/extensions.ts'
import type { Extensions, SystemSpec } from '../../../system/spec.ts'
import { remark } from './dispositions.ts'
import { checkExtension, ORIGINAL_KEYS, type ServiceExtension, X_K8S } from './extensions.ts'
import { checkController } from './service-extension.ts'

/** Other `x-*` keys say nothing to Tycho, as the specification has it. */
export function checkExtensions(spec: SystemSpec): Problem[] {
  const problems = [...checkLevel('system', '', spec.extensions), ...checkOriginal('', spec.extensions)]
  for (const [name, service] of Object.entries(spec.services)) {
    problems.push(...checkLevel('service', `services.${name}.`, service.extensions))
    problems.push(...checkOriginal(`services.${name}.`, service.extensions))
    problems.push(...checkController(name, service))
    for (const [at, port] of service.ports.entries())
      problems.push(...checkPort(`services.${name}.ports[${at}]`, port.extensions))
  }
  return problems
}

function checkOriginal(path: string, extensions: Extensions): Problem[] {
  const keys = ORIGINAL_KEYS.filter((key) => key in extensions)
  return keys.map((key) => {
    const message = `\`${key}\` is not supported yet: remove it.`
    return remark('NOT_SUPPORTED_YET', `${path}${key}`, message)
  })
}

function checkLevel(level: ExtensionLevel, path: string, extensions: Extensions): Problem[] {
  if (!(X_K8S in extensions)) return []
  const problems = checkPlace(level, path, extensions)
  return problems.length > 0 ? problems : checkUnread(path, extensions[X_K8S])
}

function checkPlace(level: ExtensionLevel, path: string, extensions: Extensions): Problem[] {
  return checkExtension(level, X_K8S, extensions[X_K8S]).map((complaint) => {
    const at = complaint.path === '' ? '' : `.${complaint.path}`
    return remark('INVALID_EXTENSION', `${path}${X_K8S}${at}`, `\`${X_K8S}${at}\`: ${complaint.message}.`)
  })
}

function checkUnread(path: string, value: unknown): Problem[] {
  const { podSecurity, controller } = value as ServiceExtension
  const unread = [
    ...(podSecurity ? ['podSecurity'] : []),
    ...(controller === 'statefulset' ? ['controller'] : []),
  ]
  return unread.map((key) => {
    const message = `This \`${key}\` is not supported yet: remove it.`
    return remark('NOT_SUPPORTED_YET', `${path}${X_K8S}.${key}`, message)
  })
}

function checkPort(path: string, extensions: Extensions): Problem[] {
  return X_K8S in extensions ? checkPlace('port', `${path}.`, extensions) : []
}
