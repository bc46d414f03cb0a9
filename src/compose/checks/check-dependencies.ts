import { dependenciesOf, findCycles } from '../../system/graph.ts'
import { nearest } from '../keys/nearest.ts'
import { child } from '../node.ts'
import type { CheckInput } from './check.ts'

/** Whom a service depends on exists; a dependency that is not required may be missing, and is then no part of the spec. */
export function checkDependencies({ spec, root, reporter }: CheckInput): void {
  if (child(root, 'include')) return
  const names = Object.keys(spec.services)
  for (const [name, service] of Object.entries(spec.services)) {
    for (const [other, { required }] of Object.entries(service.dependsOn)) {
      if (Object.hasOwn(spec.services, other)) continue
      const near = reporter.isFull() ? null : nearest(other, names)
      const advice = near === null ? 'add the service, or remove the dependency' : `did you mean \`${near}\``
      const message = `\`${name}\` depends on \`${other}\`, which is no service here: ${advice}.`
      const severity = required ? 'error' : 'info'
      reporter.report({
        code: 'UNKNOWN_DEPENDENCY',
        severity,
        path: `services.${name}.depends_on.${other}`,
        message,
      })
    }
  }
}

/** No service waits for itself, be it through others. */
export function checkCycles({ spec, reporter }: CheckInput): void {
  for (const cycle of findCycles(dependenciesOf(spec))) {
    const [first = '', second = first] = cycle
    const message = `The services depend on each other (${[...cycle, first].join(' -> ')}): remove one \`depends_on\`.`
    reporter.report({ code: 'DEPENDENCY_CYCLE', path: `services.${first}.depends_on.${second}`, message })
  }
}
