// What services wait for each other.
import { dependenciesOf, findCycles } from '../../system/graph.ts'
import { nearest } from '../keys/nearest.ts'
import { child, type MapNode, mapAt, type Node } from '../node.ts'
import type { Reporter } from '../report.ts'
import type { CheckInput } from './check.ts'

/** Whom a service depends on exists; a dependency that is not required may be missing, and is then no part of the spec. */
export function checkDependencies({ spec, root, reporter }: CheckInput): void {
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
    const message = `The services depend on each other (${[...told, first].join(' -> ')}): remove one of these dependencies.`
    reporter.report({ code: 'DEPENDENCY_CYCLE', ...dependencyAt(root, first, second), message })
  }
}

/** Other keys that name services, each with what stands before the name. */
const NAMING: readonly (readonly [key: string, prefix: string])[] = [
  ['links', ''],
  ['volumes_from', ''],
  ['network_mode', 'service:'],
  ['ipc', 'service:'],
  ['pid', 'service:'],
  ['uts', 'service:'],
  ['userns_mode', 'service:'],
]

/** Where a service names another one: in `depends_on`, or else in a key that implies it. */
function dependencyAt(root: MapNode, service: string, other: string): { path: string; at: number } {
  const map = mapAt(mapAt(root, 'services'), service)
  const path = `services.${service}`
  const entry = mapAt(map, 'depends_on')?.entries.get(other)
  if (entry) return { path: `${path}.depends_on.${other}`, at: entry.at }
  const naming = NAMING.find(([key, prefix]) =>
    namesOf(child(map, key)).some((name) => isName(name, prefix + other)),
  )
  const at = naming ? map?.entries.get(naming[0])?.at : undefined
  return { path: naming ? `${path}.${naming[0]}` : path, at: at ?? -1 }
}

function namesOf(node: Node | null): string[] {
  if (node?.kind === 'scalar') return [node.text]
  return node?.kind === 'list' ? node.items.flatMap(namesOf) : []
}

/** `db:alias` and `db:ro` name `db`. */
function isName(text: string, name: string): boolean {
  return text === name || text.startsWith(`${name}:`)
}
