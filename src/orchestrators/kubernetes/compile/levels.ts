// The order in which services start.
import type { SystemSpec } from '../../../system/spec.ts'

/** Services by level: each depends on earlier levels only. Services of a cycle are left out. */
export function toLevels(spec: SystemSpec): string[][] {
  const levels: string[][] = []
  const placed = new Set<string>()
  let waiting = Object.keys(spec.services)
  while (waiting.length > 0) {
    const level = waiting.filter((name) => dependenciesOf(name, spec).every((one) => placed.has(one)))
    if (level.length === 0) return levels
    for (const name of level) placed.add(name)
    waiting = waiting.filter((name) => !placed.has(name))
    levels.push(level)
  }
  return levels
}

function dependenciesOf(name: string, spec: SystemSpec): string[] {
  return Object.keys(spec.services[name]?.dependsOn ?? {}).filter((one) => one in spec.services)
}
