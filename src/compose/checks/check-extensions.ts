import type { ExtensionLevel } from '../../system/extensions.ts'
import type { Extensions, SystemSpec } from '../../system/spec.ts'
import { keyPath } from '../path.ts'
import type { CheckInput } from './check.ts'

/** Extensions that the orchestrator reads are as it wants them; nothing is known of them here. */
export function checkExtensions({ spec, reporter, checkExtension }: CheckInput): void {
  for (const [level, path, extensions] of placesOf(spec)) {
    for (const [key, value] of Object.entries(extensions)) {
      const at = keyPath(path, key)
      for (const complaint of checkExtension(level, key, value)) {
        const below =
          complaint.path === '' ? at : `${at}${complaint.path.startsWith('[') ? '' : '.'}${complaint.path}`
        const message = `\`${below}\` ${complaint.message}.`
        reporter.report({ code: 'INVALID_EXTENSION', path: below, message })
      }
    }
  }
}

function placesOf(spec: SystemSpec): [ExtensionLevel, string, Extensions][] {
  const places: [ExtensionLevel, string, Extensions][] = [['system', '', spec.extensions]]
  for (const [name, service] of Object.entries(spec.services)) {
    const path = keyPath('services', name)
    places.push(['service', path, service.extensions])
    for (const [index, port] of service.ports.entries())
      places.push(['port', `${path}.ports[${index}]`, port.extensions])
  }
  for (const [name, volume] of Object.entries(spec.volumes))
    places.push(['volume', keyPath('volumes', name), volume.extensions])
  return places
}
