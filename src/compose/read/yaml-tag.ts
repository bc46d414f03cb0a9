// The YAML tags that may stand in a Compose file.
import type { MergeTag } from '../node.ts'
import type { ScalarTag } from './yaml-scalar.ts'

export type YamlTag =
  | { kind: 'scalar'; tag: ScalarTag }
  | { kind: 'list' | 'map' }
  | { kind: 'merge'; tag: MergeTag }

const TAGS: ReadonlyMap<string, YamlTag> = new Map<string, YamlTag>([
  ['str', { kind: 'scalar', tag: 'str' }],
  ['int', { kind: 'scalar', tag: 'int' }],
  ['float', { kind: 'scalar', tag: 'float' }],
  ['bool', { kind: 'scalar', tag: 'bool' }],
  ['null', { kind: 'scalar', tag: 'null' }],
  ['seq', { kind: 'list' }],
  ['map', { kind: 'map' }],
  ['!reset', { kind: 'merge', tag: 'reset' }],
  ['!override', { kind: 'merge', tag: 'override' }],
])

/** What a tag as written says (`!!str`, `!<tag:yaml.org,2002:str>`, `!reset`); undefined for one that Compose does not know. */
export function readTag(written: string): YamlTag | undefined {
  if (written === '!') return { kind: 'scalar', tag: 'str' }
  const standard = /^(?:!!|!<tag:yaml\.org,2002:)([a-z]+)>?$/.exec(written)?.[1]
  return TAGS.get(standard ?? written)
}
