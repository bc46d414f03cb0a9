// What stands at the top of a file and is used by none of its services.
import { DEFAULT_NETWORK, networksOf } from '../../system/networks.ts'
import type { SystemSpec } from '../../system/spec.ts'
import type { Row } from './disposition-row.ts'

type Section = 'networks' | 'volumes' | 'configs' | 'secrets' | 'models'

/** Of what one uses is spoken where it does. `what`: becomes of what is used. */
export function unused(section: Section, what: string) {
  return {
    becomes: what,
    remarks: { NO_EFFECT: 'ignore+info' },
    saidOf: {
      code: 'NO_EFFECT',
      why: 'has no effect: no service uses it',
      where: (spec: SystemSpec) => {
        const used = usedOf(section, spec)
        const names = Object.keys(spec[section]).filter((name) => !used.has(name))
        return names.map((name) => `${section}.${name}`)
      },
    },
  } as const satisfies Row
}

function usedOf(section: Section, { services }: SystemSpec): Set<string> {
  const names = Object.values(services).flatMap((service) => {
    switch (section) {
      case 'networks':
        return [DEFAULT_NETWORK, ...networksOf(service)]
      case 'volumes':
        return service.mounts.flatMap((mount) => (mount.type === 'volume' ? (mount.volume ?? []) : []))
      case 'models':
        return Object.keys(service.models)
      default:
        return service[section].map(({ source }) => source)
    }
  })
  return new Set(names)
}
