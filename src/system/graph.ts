// The order of services that `depends_on` asks for. Pure; names that are no service are passed over.
import type { SystemSpec } from './spec.ts'

/** Name -> the names it depends on, each once. */
export type Dependencies = ReadonlyMap<string, readonly string[]>

/** Of every service, the services of the same spec that it depends on, in the file's order. */
export function dependenciesOf(spec: SystemSpec): Dependencies {
  const dependencies = new Map<string, string[]>()
  for (const [name, { dependsOn }] of Object.entries(spec.services))
    dependencies.set(
      name,
      Object.keys(dependsOn).filter((other) => Object.hasOwn(spec.services, other)),
    )
  return dependencies
}

/**
 * Cycles, none of which share a name, in the order of the map: `[['a', 'b']]` for a -> b -> a.
 * There is one for every cycle that has to be broken first; breaking it may leave others.
 */
export function findCycles(dependencies: Dependencies): string[][] {
  const cycles: string[][] = []
  const left = new Set(takeOff(dependencies, () => undefined))
  for (const start of left) {
    const cycle = walkToCycle(start, dependencies, left)
    for (const name of cycle.walked) left.delete(name)
    if (cycle.found.length > 0) cycles.push(cycle.found)
  }
  return cycles
}

/** Services in levels, each depending on earlier levels only, each in the file's order. Throws on a cycle. */
export function toLevels(spec: SystemSpec): string[][] {
  return levelsOf(dependenciesOf(spec))
}

/** The same of whatever depends on each other. Throws on a cycle. */
export function levelsOf(dependencies: Dependencies): string[][] {
  const [cycle] = findCycles(dependencies)
  if (cycle) throw new Error(`the services depend on each other: ${cycle.join(', ')}`)
  return orderedLevels(dependencies)
}

/** Calls `visit` for every service, after those that it depends on. Throws on a cycle. */
export function inDependencyOrder(spec: SystemSpec, visit: (name: string) => void): void {
  for (const name of toLevels(spec).flat()) visit(name)
}

/** Kahn's algorithm, level by level; what stands on a cycle, or depends on one, comes into no level. */
function orderedLevels(dependencies: Dependencies): string[][] {
  const order = new Map([...dependencies.keys()].map((name, index) => [name, index]))
  const levels: string[][] = []
  takeOff(dependencies, (level) => {
    levels.push(level.sort((one, other) => (order.get(one) ?? 0) - (order.get(other) ?? 0)))
  })
  return levels
}

/** Calls `visit` with one level after the other; answers what comes into no level. */
function takeOff(dependencies: Dependencies, visit: (level: string[]) => void): string[] {
  const waiting = new Map<string, number>()
  for (const name of dependencies.keys()) waiting.set(name, dependencies.get(name)?.length ?? 0)
  const dependants = toDependants(dependencies)
  let level = [...dependencies.keys()].filter((name) => waiting.get(name) === 0)
  while (level.length > 0) {
    visit(level)
    for (const name of level) waiting.delete(name)
    level = freedBy(level, dependants, waiting)
  }
  return [...waiting.keys()]
}

/** Those for whom `names` were the last that they waited for; `waiting` is counted down. */
function freedBy(
  names: readonly string[],
  dependants: ReadonlyMap<string, readonly string[]>,
  waiting: Map<string, number>,
): string[] {
  const freed: string[] = []
  for (const name of names) {
    for (const dependant of dependants.get(name) ?? []) {
      const count = (waiting.get(dependant) ?? 0) - 1
      waiting.set(dependant, count)
      if (count === 0) freed.push(dependant)
    }
  }
  return freed
}

function toDependants(dependencies: Dependencies): Map<string, string[]> {
  const dependants = new Map<string, string[]>()
  for (const [name, needs] of dependencies) {
    for (const need of needs) {
      const known = dependants.get(need)
      if (known) known.push(name)
      else dependants.set(need, [name])
    }
  }
  return dependants
}

/** Follows first dependencies from `start` until a name comes again: the names from there on are the cycle. */
function walkToCycle(start: string, dependencies: Dependencies, left: ReadonlySet<string>) {
  const walked: string[] = []
  const positions = new Map<string, number>()
  let name: string | undefined = start
  while (name !== undefined) {
    const seenAt = positions.get(name)
    if (seenAt !== undefined) return { walked, found: walked.slice(seenAt) }
    positions.set(name, walked.length)
    walked.push(name)
    name = dependencies.get(name)?.find((need) => left.has(need))
  }
  return { walked, found: [] }
}
