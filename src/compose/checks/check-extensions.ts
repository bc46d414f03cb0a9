import type { ExtensionLevel } from '../../system/extensions.ts'
import type { Extensions, SystemSpec } from '../../system/spec.ts'
import { keyPath } from '../path.ts'
import type { CheckInput } from './check.ts'

/** Extensions that the orchestrator reads are as it wants them; nothing is known of them here. */
export function checkExtensions({ spec, reporter, checkExtension }: CheckInput): void {
  const check = (level: ExtensionLevel, path: string, extensions: Extensions): void => {
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
  eachPlace(spec, check)
}

function eachPlace(
  spec: SystemSpec,
  visit: (level: ExtensionLevel, path: string, extensions: Extensions) => void,
): void {
  visit('system', '', spec.extensions)
  for (const [name, service] of Object.entries(spec.services)) {
    const path = keyPath('services', name)
    visit('service', path, service.extensions)
    service.ports.forEach(({ extensions }, index) => {
      visit('port', `${path}.ports[${index}]`, extensions)
    })
  }
  for (const [name, volume] of Object.entries(spec.volumes))
    visit('volume', keyPath('volumes', name), volume.extensions)
}
