// What a service names at the top level of the file is there.
import type { Mount } from '../../system/mounts.ts'
import { DEFAULT_NETWORK } from '../../system/networks.ts'
import type { ServiceSpec } from '../../system/spec.ts'
import { nearest } from '../keys/nearest.ts'
import { keyPath } from '../path.ts'
import type { CheckInput } from './check.ts'

/** A name, and the key of the service under which it stands. */
type Naming = readonly [name: string, key: string]

/** `section`: where the names are explained. */
type Reference = {
  section: 'networks' | 'volumes' | 'configs' | 'secrets' | 'models'
  code: string
  namings(service: ServiceSpec): Naming[]
}

const REFERENCES: readonly Reference[] = [
  {
    section: 'networks',
    code: 'UNDEFINED_NETWORK',
    namings: ({ networks }) =>
      Object.keys(networks)
        .filter((name) => name !== DEFAULT_NETWORK)
        .map((name) => [name, `networks.${name}`]),
  },
  { section: 'volumes', code: 'UNDEFINED_VOLUME', namings: ({ mounts }) => mounts.flatMap(volumeOf) },
  {
    section: 'configs',
    code: 'UNDEFINED_CONFIG',
    namings: ({ configs, credentialSpec }) => [
      ...configs.map(({ source }, index): Naming => [source, `configs[${index}]`]),
      ...(credentialSpec?.config ? [[credentialSpec.config, 'credential_spec.config'] as const] : []),
    ],
  },
  {
    section: 'secrets',
    code: 'UNDEFINED_SECRET',
    namings: ({ secrets, build }) => [
      ...secrets.map(({ source }, index): Naming => [source, `secrets[${index}]`]),
      ...(build?.secrets ?? []).map(({ source }, index): Naming => [source, `build.secrets[${index}]`]),
    ],
  },
  {
    section: 'models',
    code: 'UNDEFINED_MODEL',
    namings: ({ models }) => Object.keys(models).map((name) => [name, `models.${name}`]),
  },
]

/** Reference loader: every network, volume, config, secret and model that a service names is described. */
export function checkReferences({ spec, reporter }: CheckInput): void {
  for (const [service, its] of Object.entries(spec.services)) {
    for (const { section, code, namings } of REFERENCES) {
      for (const [name, key] of namings(its)) {
        if (Object.hasOwn(spec[section], name)) continue
        const near = reporter.isFull() ? null : nearest(name, Object.keys(spec[section]))
        const advice = near === null ? `Add it under \`${section}\`.` : `Did you mean \`${near}\`?`
        const message = `\`${service}\` names \`${name}\`, which is not there. ${advice}`
        reporter.report({ code, path: `${keyPath('services', service)}.${key}`, message })
      }
    }
  }
}

function volumeOf(mount: Mount, index: number): Naming[] {
  const isNamed = mount.type === 'volume' && mount.volume !== null
  return isNamed && mount.volume ? [[mount.volume, `volumes[${index}]`]] : []
}
