// What services wait for each other.
import { dependenciesOf, findCycles } from '../../system/graph.ts'
import { nearest } from '../keys/nearest.ts'
import { child, type MapNode, mapAt } from '../node.ts'
import type { Reporter } from '../report.ts'
import type { CheckInput } from './check.ts'

/** Whom a service depends on exists; a dependency that is not required may be missing, and is then no part of the spec. */
export function checkDependencies({ spec, written, root, reporter }: CheckInput): void {
  // What an included file brings is not known here.
  if (child(written, 'include')) return
  const names = Object.keys(spec.services)
  for (const [name, service] of Object.entries(spec.services)) {
    for (const [other, { required }] of Object.entries(service.dependsOn)) {
      if (Object.hasOwn(spec.services, other)) continue
      const message = `\`${name}\` depends on \`${other}\`, which is no service here. ${advice(other, names, reporter)}`
      const severity = required ? 'error' : 'info'
      reporter.report({ code: 'UNKNOWN_DEPENDENCY', severity, ...dependencyAt(root, name, other), message })
    }
  }
}

function advice(missing: string, names: readonly string[], reporter: Reporter): string {
  const near = reporter.isFull() ? null : nearest(missing, names)
  return near === null ? 'Add the service, or remove the dependency.' : `Did you mean \`${near}\`?`
}

/** So many names of a cycle are told. */
const TOLD = 12

/** No service waits for itself, be it through others. */
export function checkCycles({ spec, root, reporter }: CheckInput): void {
  for (const cycle of findCycles(dependenciesOf(spec))) {
    const [first = '', second = first] = cycle
    const told = cycle.length > TOLD ? [...cycle.slice(0, TOLD), '…'] : cycle
    const message = `The services depend on each other (${[...told, first].join(' -> ')}): remove one \`depends_on\`.`
    reporter.report({ code: 'DEPENDENCY_CYCLE', ...dependencyAt(root, first, second), message })
  }
}

function dependencyAt(root: MapNode, service: string, other: string): { path: string; at: number } {
  const dependencies = mapAt(mapAt(mapAt(root, 'services'), service), 'depends_on')
  return { path: `services.${service}.depends_on.${other}`, at: dependencies?.entries.get(other)?.at ?? -1 }
}
