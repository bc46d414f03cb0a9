// Names that an engine can't carry, or that two objects of the system would share.
import type { Problem } from '../../../../problem.ts'
import { toHostname } from '../../../../system/names.ts'
import type { Context } from '../context.ts'
import { remark } from '../dispositions.ts'
import { isEngineName, toContainerName, toObjectName, toPartName } from '../names.ts'

/** Networks that every engine has, which are no system's. */
const PREDEFINED = ['bridge', 'host', 'none', 'ingress', 'docker_gwbridge']

type Named = { path: string; name: string }

export function checkNames(context: Context): Problem[] {
  const { spec } = context
  return [
    ...Object.keys(spec.services)
      .filter((name) => toHostname(name) === '')
      .map(checkService),
    ...givenNames(context).flatMap(checkGiven),
    ...checkTwice(containerNames(context), 'container'),
    ...checkTwice(partNames('networks', context), 'network'),
    ...checkTwice(partNames('volumes', context), 'volume'),
  ]
}

function checkService(name: string): Problem {
  const message = `A service's name has a letter or a digit in it, by which it is found: rename \`${name}\`.`
  return remark('INVALID_SERVICE_NAME', `services.${name}`, message)
}

/** What the file itself calls an object. */
function givenNames({ spec }: Context): (Named & { isNetwork: boolean })[] {
  const parts = (['networks', 'volumes'] as const).flatMap((section) =>
    Object.entries(spec[section]).flatMap(([key, { name, external }]) =>
      name === null && !external
        ? []
        : [{ path: `${section}.${key}.name`, name: name ?? key, isNetwork: section === 'networks' }],
    ),
  )
  const containers = Object.entries(spec.services).flatMap(([name, { containerName }]) =>
    containerName === null
      ? []
      : [{ path: `services.${name}.container_name`, name: containerName, isNetwork: false }],
  )
  return [...parts, ...containers]
}

function checkGiven({ path, name, isNetwork }: Named & { isNetwork: boolean }): Problem[] {
  if (isNetwork && PREDEFINED.includes(name)) {
    const message = `\`${name}\` is a network of the engine's own, for no system: use \`network_mode\`, or a network of the file.`
    return [remark('INVALID_OBJECT_NAME', path, message)]
  }
  if (isEngineName(name)) return []
  const message = `\`${name}\` can't be the name of an object: it has two or more letters, digits, \`_\` and \`-\` (what is before a dot is a namespace).`
  return [remark('INVALID_OBJECT_NAME', path, message)]
}

function containerNames({ identity, spec }: Context): Named[] {
  return Object.entries(spec.services).flatMap(([name, service]) => {
    const path = `services.${name}`
    const copies = Array.from({ length: Math.max(1, service.replicas) }, (_, at) => at + 1)
    const own = copies.map((copy) => ({ path, name: toContainerName(identity, name, service, copy) }))
    return service.containerName === null
      ? own
      : [...own, { path, name: `${toObjectName(identity.name, name)}-0` }]
  })
}

function partNames(section: 'networks' | 'volumes', { identity, spec }: Context): Named[] {
  return Object.entries(spec[section]).map(([key, part]) => ({
    path: `${section}.${key}`,
    name: toPartName(identity.name, key, part),
  }))
}

function checkTwice(all: readonly Named[], what: string): Problem[] {
  const holders = new Map<string, string>()
  return all.flatMap(({ path, name }) => {
    const holder = holders.get(name)
    holders.set(name, holder ?? path)
    if (holder === undefined || holder === path) return []
    const message = `The ${what} would be called \`${name}\` as that of \`${holder}\` is: give one of them another name.`
    return [remark('NAME_TWICE', path, message)]
  })
}
