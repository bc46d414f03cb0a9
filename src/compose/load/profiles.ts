// Specification, "profiles": a service with profiles is part of the system when one of them is asked for.
import type { Environment } from '../interpolate.ts'
import { booleanAt, listAt, type MapNode, mapAt, type Node } from '../node.ts'
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
 * Takes the services that are off out of the tree, in place (it is in long forms, and nobody else's). A service that is
 * on needs those that it depends on, unless they are not required.
 */
export function selectProfiles(root: MapNode, profiles: readonly string[], reporter: Reporter): void {
  const services = mapAt(root, 'services')
  if (!services || services.entries.size === 0) return
  const off = new Map<string, string[]>()
  for (const [name, { value }] of services.entries) {
    const own = profilesIn(value)
    if (own.length > 0 && !own.some((profile) => profile === '*' || isAsked(profile, profiles)))
      off.set(name, own)
  }
  for (const name of off.keys()) services.entries.delete(name)
  if (services.entries.size === 0) reportNone(services, off, reporter)
  for (const [name, { value }] of services.entries) {
    if (off.size > 0 && value.kind === 'map') checkDependencies(name, value, off, reporter)
  }
}

function isAsked(profile: string, profiles: readonly string[]): boolean {
  return profiles.includes(profile) || profiles.includes('*')
}

function profilesIn(service: Node): string[] {
  const list = service.kind === 'map' ? listAt(service, 'profiles') : null
  return (list?.items ?? []).flatMap((item) =>
    item.kind === 'scalar' && item.text !== '' ? [item.text] : [],
  )
}

function reportNone(services: MapNode, off: ReadonlyMap<string, string[]>, reporter: Reporter): void {
  const known = [...new Set([...off.values()].flat())].slice(0, 12)
  const message = `Every service has a profile and none is on: ask for one of ${inWords(known)}.`
  reporter.report({ code: 'NO_SERVICE_ENABLED', path: 'services', message, at: services.at })
}

function checkDependencies(
  name: string,
  service: MapNode,
  off: ReadonlyMap<string, string[]>,
  reporter: Reporter,
): void {
  const dependencies = mapAt(service, 'depends_on')
  for (const [other, { at, value }] of dependencies?.entries ?? []) {
    const profiles = off.get(other)
    if (!profiles) continue
    const isRequired = value.kind !== 'map' || (booleanAt(value, 'required') ?? true)
    const advice = isRequired ? `ask for ${inWords(profiles)}, or say \`required: false\`` : 'it is left out'
    const message = `\`${name}\` depends on \`${other}\`, whose profile is off: ${advice}.`
    const path = `services.${name}.depends_on.${other}`
    reporter.report({
      code: 'DISABLED_DEPENDENCY',
      severity: isRequired ? 'error' : 'info',
      path,
      message,
      at,
    })
    dependencies?.entries.delete(other)
  }
}

function inWords(profiles: readonly string[]): string {
  const quoted = profiles.map((profile) => `\`${profile}\``)
  return quoted.length > 1 ? `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}` : (quoted[0] ?? '')
}
