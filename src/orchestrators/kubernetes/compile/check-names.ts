// Service names that Kubernetes can't carry, or carries in another form.
import type { Problem } from '../../../problem.ts'
import { toHostname } from '../../../system/names.ts'
import type { ServiceSpec, SystemSpec } from '../../../system/spec.ts'
import type { Context } from './context.ts'
import { remark } from './dispositions.ts'
import { KOMPOSE } from './kompose.ts'
import { toHeadlessName, toOwnName } from './names.ts'

/** A label's value (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set). */
const labelValue = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/

export function checkNames(context: Context): Problem[] {
  const { spec } = context
  const names = Object.keys(spec.services)
  return [...names.flatMap(checkName), ...checkMentions(spec), ...checkOverrides(context)]
}

/** A name that the file gives may be one that the system has already. */
function checkOverrides({ spec, identity, hosts }: Context): Problem[] {
  const services = Object.entries(spec.services)
  return services.flatMap(([name, { labels }]) => {
    const given = labels[KOMPOSE.nameOverride]
    if (given === undefined) return []
    const others = services.filter(([other]) => other !== name)
    const taken = [
      toHeadlessName(identity.name),
      ...Object.values(hosts),
      ...others.map(([other, service]) => toOwnName(identity.name, other, service)),
    ]
    if (!taken.includes(given)) return []
    const message = `Another object of the system is called \`${given}\` already: give \`${name}\` another name.`
    return [remark('INVALID_KOMPOSE_LABEL', `services.${name}.labels.${KOMPOSE.nameOverride}`, message)]
  })
}

/** The name is found again in a label, so it must be one as it stands. */
function checkName(name: string): Problem[] {
  if (labelValue.test(name)) return []
  const message = `On Kubernetes a service's name begins and ends with a letter or a digit and has at most 63 characters: rename \`${name}\`.`
  return [remark('INVALID_SERVICE_NAME', `services.${name}`, message)]
}

/** Host names are without case, so only another spelling makes a name unknown. */
function checkMentions(spec: SystemSpec): Problem[] {
  const renamed = Object.keys(spec.services).filter((name) => toHostname(name) !== name.toLowerCase())
  return renamed.flatMap((name) =>
    Object.entries(spec.services).flatMap(([by, service]) => checkMention(name, by, service)),
  )
}

function checkMention(name: string, by: string, service: ServiceSpec): Problem[] {
  return textsOf(by, service)
    .filter(([, text]) => isMentioned(name, text))
    .map(([path]) =>
      remark(
        'SERVICE_RENAMED',
        path,
        `\`${name}\` is found as \`${toHostname(name)}\`, because a host name has no _ or . in it: write that.`,
      ),
    )
}

function textsOf(name: string, service: ServiceSpec): [string, string][] {
  const path = `services.${name}`
  const variables = Object.entries(service.environment).map(([key, value]): [string, string] => [
    `${path}.environment.${key}`,
    value,
  ])
  return [
    ...variables,
    [`${path}.command`, (service.command ?? []).join(' ')],
    [`${path}.entrypoint`, (service.entrypoint ?? []).join(' ')],
  ]
}

/** As a word of its own, which `my_db` is not in `my_db2`. */
function isMentioned(name: string, text: string): boolean {
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    const around = `${text[at - 1] ?? ' '}${text[at + name.length] ?? ' '}`
    if (!/[A-Za-z0-9_-]/.test(around)) return true
  }
  return false
}
