// Specification, "profiles": a service with profiles is part of the system when one of them is asked for.
import type { Environment } from '../interpolate.ts'
import { booleanAt, listAt, type MapNode, mapAt, mapValues, type Node, withValue } from '../node.ts'
import type { Reporter } from '../report.ts'

/** The profiles asked for: those given, else what `COMPOSE_PROFILES` names. */
export function profilesOf(
  given: readonly string[] | undefined,
  environment: Environment,
): readonly string[] {
  if (given !== undefined) return given
  const named = Object.hasOwn(environment, 'COMPOSE_PROFILES') ? environment.COMPOSE_PROFILES : ''
  return (named ?? '').split(',').flatMap((profile) => profile.trim() || [])
}

/**
 * The tree without the services that are off. A service that is on needs those that it depends on, unless they are not
 * required.
 */
export function selectProfiles(root: MapNode, profiles: readonly string[], reporter: Reporter): MapNode {
  const services = mapAt(root, 'services')
  if (!services || services.entries.size === 0) return root
  const off = new Map<string, string[]>()
  services.entries.forEach(({ value }, name) => {
    const own = profilesIn(value)
    if (own.length > 0 && !own.some((profile) => profile === '*' || isAsked(profile, profiles)))
      off.set(name, own)
  })
  if (off.size === 0) return root
  if (off.size === services.entries.size) reportNone(services, off, reporter)
  const on = mapValues(services, ({ value }, name) => {
    if (off.has(name)) return null
    return value.kind === 'map' ? withoutDisabled(name, value, off, reporter) : value
  })
  return withValue(root, 'services', on)
}

function isAsked(profile: string, profiles: readonly string[]): boolean {
  return profiles.includes(profile) || profiles.includes('*')
}

function profilesIn(service: Node): string[] {
  const list = service.kind === 'map' ? listAt(service, 'profiles') : null
  if (!list) return []
  return list.items.flatMap((item) => (item.kind === 'scalar' && item.text !== '' ? [item.text] : []))
}

function reportNone(services: MapNode, off: ReadonlyMap<string, string[]>, reporter: Reporter): void {
  const known = [...new Set([...off.values()].flat())].slice(0, 12)
  const message = `Every service has a profile and none is on: ask for one of ${inWords(known)}.`
  reporter.report({ code: 'NO_SERVICE_ENABLED', path: 'services', message, at: services.at })
}

/** The service without dependencies on what is off, each of which is reported. */
function withoutDisabled(
  name: string,
  service: MapNode,
  off: ReadonlyMap<string, string[]>,
  reporter: Reporter,
): MapNode {
  const dependencies = mapAt(service, 'depends_on')
  if (!dependencies) return service
  const left = mapValues(dependencies, ({ at, value }, other) => {
    const profiles = off.get(other)
    if (!profiles) return value
    const isRequired = value.kind !== 'map' || (booleanAt(value, 'required') ?? true)
    const advice = isRequired ? `ask for ${inWords(profiles)}, or say \`required: false\`` : 'it is left out'
    const message = `\`${name}\` depends on \`${other}\`, whose profile is off: ${advice}.`
    const path = `services.${name}.depends_on.${other}`
    const severity = isRequired ? 'error' : 'info'
    reporter.report({ code: 'DISABLED_DEPENDENCY', severity, path, message, at })
    return null
  })
  return withValue(service, 'depends_on', left)
}

function inWords(profiles: readonly string[]): string {
  const quoted = profiles.map((profile) => `\`${profile}\``)
  return quoted.length > 1 ? `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}` : (quoted[0] ?? '')
}
