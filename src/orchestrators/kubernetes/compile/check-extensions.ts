// What speaks to Kubernetes beside the specification: `x-k8s`, and what the first Tycho took.
import type { Problem } from '../../../problem.ts'
import type { Extensions, SystemSpec } from '../../../system/spec.ts'
import { checkExtension, ORIGINAL, X_K8S } from '../extensions.ts'
import { remark } from './dispositions.ts'

/** Other `x-*` keys say nothing to Tycho, as the specification has it. */
export function checkExtensions(spec: SystemSpec): Problem[] {
  const places: [path: string, extensions: Extensions][] = [['', spec.extensions]]
  const problems: Problem[] = []
  for (const [name, service] of Object.entries(spec.services)) {
    places.push([`services.${name}.`, service.extensions])
    for (const [at, port] of service.ports.entries())
      problems.push(...checkPort(`services.${name}.ports[${at}]`, port.extensions))
  }
  return [...places.flatMap(([path, extensions]) => checkPlace(path, extensions)), ...problems]
}

function checkPlace(path: string, extensions: Extensions): Problem[] {
  const keys = [X_K8S, ...Object.keys(ORIGINAL)].filter((key) => key in extensions)
  return keys.map((key) => {
    const message = `\`${key}\` is not supported yet: remove it.`
    return remark('NOT_SUPPORTED_YET', `${path}${key}`, message)
  })
}

function checkPort(path: string, extensions: Extensions): Problem[] {
  if (!(X_K8S in extensions)) return []
  return checkExtension('port', X_K8S, extensions[X_K8S]).map((complaint) => {
    const at = complaint.path === '' ? '' : `.${complaint.path}`
    return remark('INVALID_EXTENSION', `${path}.${X_K8S}${at}`, `\`${X_K8S}${at}\`: ${complaint.message}.`)
  })
}
