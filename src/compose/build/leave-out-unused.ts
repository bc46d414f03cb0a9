// Networks, volumes, configs and secrets that no service uses: they are no part of the system, as in Docker's Compose.
import { DEFAULT_NETWORK, networksOf } from '../../system/networks.ts'
import type { ServiceSpec, SystemSpec } from '../../system/spec.ts'
import { type MapNode, mapAt, mapValues, withValue } from '../node.ts'
import type { Reporter } from '../report.ts'

type Section = 'networks' | 'volumes' | 'configs' | 'secrets'

const USERS: readonly (readonly [Section, (service: ServiceSpec) => string[]])[] = [
  ['networks', networksOf],
  ['volumes', volumesOf],
  ['configs', configsOf],
  ['secrets', secretsOf],
]

/** Takes them out of the spec, each with a remark; the tree without them. */
export function leaveOutUnused(spec: SystemSpec, root: MapNode, reporter: Reporter): MapNode {
  return USERS.reduce((tree, [section, usedBy]) => {
    const unused = new Set(unusedIn(spec, section, usedBy))
    for (const name of unused) {
      delete spec[section][name]
      if (section !== 'networks' || name !== DEFAULT_NETWORK) report(section, name, reporter)
    }
    return without(tree, section, unused)
  }, root)
}

function unusedIn(spec: SystemSpec, section: Section, usedBy: (service: ServiceSpec) => string[]): string[] {
  const names = Object.keys(spec[section])
  if (names.length === 0) return []
  const used = new Set(Object.values(spec.services).flatMap(usedBy))
  return names.filter((name) => !used.has(name))
}

function report(section: Section, name: string, reporter: Reporter): void {
  const message = `No service uses \`${name}\`, and it is left out: remove it, or name it in a service.`
  reporter.report({ code: 'NOT_USED', severity: 'info', path: `${section}.${name}`, message })
}

/** A section that has nothing left is gone. */
function without(root: MapNode, section: Section, names: ReadonlySet<string>): MapNode {
  const tree = mapAt(root, section)
  if (!tree) return root
  const left = mapValues(tree, ({ value }, name) => (names.has(name) ? null : value))
  return withValue(root, section, left.entries.size === 0 ? null : left)
}

function volumesOf({ mounts }: ServiceSpec): string[] {
  return mounts.flatMap((mount) => (mount.type === 'volume' && mount.volume !== null ? [mount.volume] : []))
}

function configsOf({ configs, credentialSpec }: ServiceSpec): string[] {
  const named = configs.map(({ source }) => source)
  return credentialSpec?.config ? [...named, credentialSpec.config] : named
}

function secretsOf({ secrets, build }: ServiceSpec): string[] {
  return [...secrets, ...(build?.secrets ?? [])].map(({ source }) => source)
}
