// What speaks to Kubernetes beside the specification: `x-k8s`, and what the first Tycho took.
import type { Problem } from '../../../problem.ts'
import type { Extensions, SystemSpec } from '../../../system/spec.ts'
import { remark } from './dispositions.ts'
import { ORIGINAL_KEYS, X_K8S } from './extensions.ts'

/** Other `x-*` keys say nothing to Tycho, as the specification has it. */
export function checkExtensions(spec: SystemSpec): Problem[] {
  const places: [path: string, extensions: Extensions][] = [['', spec.extensions]]
  for (const [name, service] of Object.entries(spec.services)) {
    places.push([`services.${name}.`, service.extensions])
    for (const [at, port] of service.ports.entries())
      places.push([`services.${name}.ports[${at}].`, port.extensions])
  }
  for (const [name, volume] of Object.entries(spec.volumes))
    places.push([`volumes.${name}.`, volume.extensions])
  return places.flatMap(([path, extensions]) => checkPlace(path, extensions))
}

function checkPlace(path: string, extensions: Extensions): Problem[] {
  const keys = [X_K8S, ...ORIGINAL_KEYS].filter((key) => Object.hasOwn(extensions, key))
  return keys.map((key) => {
    const message = `\`${key}\` is not supported yet: remove it.`
    return remark('NOT_SUPPORTED_YET', `${path}${key}`, message)
  })
}
