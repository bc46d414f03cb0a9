// Networks, volumes, configs and secrets that no service uses: they are no part of the system, as in Docker's Compose.
import { DEFAULT_NETWORK, networksOf } from '../../system/networks.ts'
import type { ServiceSpec, SystemSpec } from '../../system/spec.ts'
import { type MapNode, mapAt } from '../node.ts'
import type { Reporter } from '../report.ts'

type Section = 'networks' | 'volumes' | 'configs' | 'secrets'

/** Takes them out of the spec and of the tree, each with a remark. */
export function leaveOutUnused(spec: SystemSpec, root: MapNode, reporter: Reporter): void {
  const services = Object.values(spec.services)
  leaveOut('networks', networksOf)
  leaveOut('volumes', volumesOf)
  leaveOut('configs', configsOf)
  leaveOut('secrets', secretsOf)

  function leaveOut(section: Section, usedBy: (service: ServiceSpec) => string[]): void {
    const tree = mapAt(root, section)
    const names = Object.keys(spec[section])
    const used = new Set(names.length === 0 ? [] : services.flatMap(usedBy))
    for (const name of names) {
      if (used.has(name)) continue
      delete spec[section][name]
      tree?.entries.delete(name)
      if (section === 'networks' && name === DEFAULT_NETWORK) continue
      const message = `No service uses \`${name}\`, and it is left out: remove it, or name it in a service.`
      reporter.report({ code: 'NOT_USED', severity: 'info', path: `${section}.${name}`, message })
    }
    if (tree?.entries.size === 0) root.entries.delete(section)
  }
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
