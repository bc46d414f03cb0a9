// Names and number of the services.
import { toDnsLabel } from '../../system/names.ts'
import { child, scalarAt } from '../node.ts'
import { keyPath } from '../path.ts'
import type { CheckInput } from './check.ts'

export function checkServiceCount({ written, reporter, limits }: CheckInput): void {
  const services = child(written, 'services')
  if (!services && reporter.hasErrors()) return
  if (!services || (services.kind === 'map' && services.entries.size === 0)) {
    const message = 'There is no service: give at least one under `services`.'
    reporter.report({
      code: 'SERVICES_REQUIRED',
      path: services ? 'services' : '',
      message,
      at: services?.at ?? written.at,
    })
  }
  if (services?.kind === 'map' && services.entries.size > limits.services) {
    const message = `There are more than ${limits.services} services: split the system.`
    reporter.report({ code: 'TOO_MANY_SERVICES', path: 'services', message })
  }
}

/** Specification, "services": `[a-zA-Z0-9._-]+`; and something must be left of it in DNS. */
export function checkServiceNames({ spec, reporter }: CheckInput): void {
  for (const name of Object.keys(spec.services)) {
    if (/^[a-zA-Z0-9._-]+$/.test(name) && toDnsLabel(name) !== '') continue
    const message = `A service's name is made of letters, digits, \`.\`, \`_\` and \`-\`: rename \`${name.slice(0, 60)}\`.`
    reporter.report({ code: 'INVALID_SERVICE_NAME', path: keyPath('services', name), message })
  }
}

/** Each service is found in DNS by its normal form, so no two may share one. */
export function checkServiceLabels({ spec, reporter }: CheckInput): void {
  const holders = new Map<string, string>()
  for (const name of Object.keys(spec.services)) {
    const label = toDnsLabel(name)
    const holder = holders.get(label)
    if (holder === undefined) holders.set(label, name)
    else if (label !== '') {
      const message = `\`${name}\` and \`${holder}\` are both \`${label}\` in DNS: rename one of them.`
      reporter.report({ code: 'SERVICE_NAMES_COLLIDE', path: keyPath('services', name), message })
    }
  }
}

/** The system's name is a project name in normal form (specification, "Name top-level element"). */
export function checkProjectName({ written, reporter }: CheckInput): void {
  const node = scalarAt(written, 'name')
  if (!node || typeof node.value !== 'string') return
  const message = projectNameMessage(node.value)
  if (message !== null) reporter.report({ code: 'INVALID_NAME', path: 'name', message })
}

function projectNameMessage(name: string): string | null {
  if (/^[a-z0-9][-_a-z0-9]*$/.test(name)) return null
  return '`name` is made of lower-case letters, digits, `-` and `_`, and begins with a letter or a digit: write it so.'
}
