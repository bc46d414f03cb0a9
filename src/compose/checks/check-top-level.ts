// Networks, volumes, configs, secrets and models: their names, their sources, and what `external` excludes.
import { booleanAt, child, type MapNode, mapAt, scalarAt } from '../node.ts'
import { keyPath } from '../path.ts'
import type { Reporter } from '../report.ts'
import type { CheckInput } from './check.ts'

const SECTIONS = ['networks', 'volumes', 'configs', 'secrets', 'models'] as const

/** compose-spec.json: `^[a-zA-Z0-9._-]+$`. */
export function checkNames({ root, reporter }: CheckInput): void {
  for (const section of SECTIONS) {
    for (const name of mapAt(root, section)?.entries.keys() ?? []) {
      if (/^[a-zA-Z0-9._-]+$/.test(name)) continue
      const message = `A name is made of letters, digits, \`.\`, \`_\` and \`-\`: rename \`${name.slice(0, 60)}\`.`
      reporter.report({ code: 'INVALID_NAME', path: keyPath(section, name), message })
    }
  }
}

/** Of what is external only the name can be said. Docker takes more of a network, and does nothing with it. */
export function checkExternal({ root, reporter }: CheckInput): void {
  for (const section of SECTIONS) {
    for (const [name, map] of mapsOf(root, section)) {
      if (scalarAt(map, 'external')?.value !== true) continue
      const others = [...map.entries.keys()].filter((key) => !isOfExternal(key))
      for (const key of others) {
        const path = `${keyPath(section, name)}.${key}`
        const message = `\`${name}\` is external, so \`${key}\` can't be said of it: remove one of the two.`
        const severity = section === 'networks' ? 'warning' : 'error'
        reporter.report({ code: 'EXTERNAL_WITH_OTHERS', severity, path, message })
      }
    }
  }
}

function isOfExternal(key: string): boolean {
  return key === 'external' || key === 'name' || key.startsWith('x-')
}

/** Reference loader: a config and a secret come from one place. */
export function checkSources({ root, reporter }: CheckInput): void {
  for (const [name, config] of mapsOf(root, 'configs'))
    checkSource(keyPath('configs', name), config, ['file', 'environment', 'content'], reporter)
  for (const [name, secret] of mapsOf(root, 'secrets'))
    checkSource(keyPath('secrets', name), secret, ['file', 'environment'], reporter)
}

function checkSource(path: string, map: MapNode, keys: readonly string[], reporter: Reporter): void {
  const given = keys.filter((key) => child(map, key) !== null)
  const words = keys.map((key) => `\`${key}\``).join(' or ')
  if (given.length > 1) {
    const message = `${given.map((key) => `\`${key}\``).join(' and ')} exclude each other: give one of them.`
    reporter.report({ code: 'CONFLICTING_KEYS', path: `${path}.${given[1]}`, message })
  }
  const hasOther = booleanAt(map, 'external') === true || child(map, 'driver') !== null
  const isReported = [...keys, 'external'].some((key) => reporter.hasErrorAt(`${path}.${key}`))
  if (given.length > 0 || hasOther || isReported) return
  reporter.report({ code: 'MISSING_KEY', path, message: `\`${path}\` has no source: give ${words}.` })
}

function mapsOf(root: MapNode, section: string): [string, MapNode][] {
  return [...(mapAt(root, section)?.entries ?? [])].flatMap(([name, { value }]) =>
    value.kind === 'map' ? [[name, value] as [string, MapNode]] : [],
  )
}
