// What to say about a key that the specification does not have.
import type { MapNode, Node } from '../node.ts'
import type { Rule } from './grammar.ts'
import { nearest } from './nearest.ts'

/** The nearest key that may stand here and does not yet, else where the key belongs, else that it should go. */
export function adviceFor(key: string, value: Node, parent: MapNode, rule: Rule, grammar: Rule): string {
  const free = [...rule.keys.keys()].filter((known) => !parent.entries.has(known))
  const near = nearest(key, free)
  if (near !== null) return `Did you mean \`${near}\`?`
  if (rule === grammar && isService(value)) return 'A service belongs under `services`.'
  const home = homeOf(key, grammar)
  if (home === null) return 'Remove it, or name it `x-…` if it is your own.'
  return `It belongs under \`${home.replaceAll('*', '<name>')}\`.`
}

function isService(value: Node): boolean {
  return value.kind === 'map' && (value.entries.has('image') || value.entries.has('build'))
}

/** Where else a key of this name is known: `replicas` belongs under `services.*.deploy`. */
function homeOf(key: string, rule: Rule, path = ''): string | null {
  if (rule.keys.has(key) && path !== '') return path
  const below = [...rule.keys].map(([name, inner]) => [name, inner] as const)
  if (rule.names) below.push(['*', rule.names])
  for (const [name, inner] of below) {
    const home = homeOf(key, inner, path === '' ? name : `${path}.${name}`)
    if (home !== null) return home
  }
  return null
}
