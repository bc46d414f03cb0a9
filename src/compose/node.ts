// The tree of a Compose file: what YAML or JSON said, each node with its place in the sources.

export type ScalarValue = string | number | boolean | null

export type ScalarNode = {
  kind: 'scalar'
  /** A place of `Sources`; -1: none. */
  at: number
  value: ScalarValue
  /** The value as a container would see it (`0x10` is `16`), exact for integers of any size. */
  text: string
  /** The text before variables were filled in; set when there were any. Problems quote this, never a filled-in value. */
  written?: string
  /** Its variables could not be filled in, which is reported; nothing more is to be said about it. */
  isUnfilled?: true
  tag?: MergeTag
}

/** `isMerged`: its items come from several files or services, of which a later one replaces an equal earlier one. */
export type ListNode = { kind: 'list'; at: number; items: Node[]; tag?: MergeTag; isMerged?: true }

export type MapNode = { kind: 'map'; at: number; entries: Map<string, Entry>; tag?: MergeTag }

/** `at` is the place of the key. */
export type Entry = { at: number; value: Node }

/** Compose's own YAML tags: what a file does to the files before it (specification, "Merge"). */
export type MergeTag = 'reset' | 'override'

export type Node = ScalarNode | ListNode | MapNode

export function textNode(text: string, at: number, written?: string): ScalarNode {
  return written === undefined
    ? { kind: 'scalar', at, value: text, text }
    : { kind: 'scalar', at, value: text, text, written }
}

export function scalarNode(value: ScalarValue, at: number): ScalarNode {
  return { kind: 'scalar', at, value, text: value === null ? '' : String(value) }
}

export function listNode(items: Node[], at: number): ListNode {
  return { kind: 'list', at, items }
}

export function mapNode(entries: Iterable<readonly [string, Node]>, at: number): MapNode {
  const map: MapNode = { kind: 'map', at, entries: new Map() }
  for (const [key, value] of entries) map.entries.set(key, { at: value.at, value })
  return map
}

/** A map of its own with the same entries. */
function copyOf(map: MapNode): MapNode {
  const entries: MapNode['entries'] = new Map()
  for (const key of map.entries.keys()) {
    const entry = map.entries.get(key)
    if (entry) entries.set(key, entry)
  }
  return { ...map, entries }
}

/**
 * The map with what `change` makes of each of its values; null leaves the key out. The same map where nothing changes:
 * trees share what no pass has a reason to touch, so that a pass costs as much as it changes. Every node of a file comes
 * through here several times, so this goes by key: walking over entries makes an array for each.
 */
export function mapValues(map: MapNode, change: (entry: Entry, key: string) => Node | null): MapNode {
  let changed = map
  for (const key of map.entries.keys()) {
    const entry = map.entries.get(key)
    const value = entry ? change(entry, key) : null
    if (!entry || value === entry.value) continue
    if (changed === map) changed = copyOf(map)
    if (value) changed.entries.set(key, { at: entry.at, value })
    else changed.entries.delete(key)
  }
  return changed
}

/** The map with another value at a key that it has; null leaves the key out. The same map where nothing changes. */
export function withValue(map: MapNode, key: string, value: Node | null): MapNode {
  const entry = map.entries.get(key)
  if (!entry || entry.value === value) return map
  const changed = copyOf(map)
  if (value) changed.entries.set(key, { at: entry.at, value })
  else changed.entries.delete(key)
  return changed
}

/** The list with what `change` makes of each of its items; the same list where nothing changes. */
export function mapItems(list: ListNode, change: (item: Node, index: number) => Node): ListNode {
  let changed = list
  for (let index = 0; index < list.items.length; index += 1) {
    const item = list.items[index]
    const value = item && change(item, index)
    if (!value || value === item) continue
    if (changed === list) changed = { ...list, items: [...list.items] }
    changed.items[index] = value
  }
  return changed
}

export function child(map: MapNode | null, key: string): Node | null {
  return map?.entries.get(key)?.value ?? null
}

export function mapAt(map: MapNode | null, key: string): MapNode | null {
  const node = child(map, key)
  return node?.kind === 'map' ? node : null
}

export function listAt(map: MapNode | null, key: string): ListNode | null {
  const node = child(map, key)
  return node?.kind === 'list' ? node : null
}

/** The scalar at a key; null where there is none, or a null. */
export function scalarAt(map: MapNode | null, key: string): ScalarNode | null {
  const node = child(map, key)
  return node?.kind === 'scalar' && node.value !== null ? node : null
}

export function textAt(map: MapNode | null, key: string): string | null {
  return scalarAt(map, key)?.text ?? null
}

export function numberAt(map: MapNode | null, key: string): number | null {
  const value = scalarAt(map, key)?.value
  return typeof value === 'number' ? value : null
}

export function booleanAt(map: MapNode | null, key: string): boolean | null {
  const value = scalarAt(map, key)?.value
  return typeof value === 'boolean' ? value : null
}

/** A record of what `make` makes of each entry, but for undefined; names such as `__proto__` are own properties. */
export function recordOf<T>(
  map: MapNode | null,
  make: (entry: Entry, name: string) => T | undefined,
): Record<string, T> {
  const record: Record<string, T> = {}
  map?.entries.forEach((entry, name) => {
    const value = make(entry, name)
    if (value === undefined) return
    if (name !== '__proto__') record[name] = value
    else Object.defineProperty(record, name, { value, writable: true, enumerable: true, configurable: true })
  })
  return record
}

/** The node as plain data; keys such as `__proto__` are own properties, as any other. */
export function toPlain(node: Node): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value
    case 'list':
      return node.items.map(toPlain)
    case 'map':
      return recordOf(node, ({ value }) => toPlain(value))
    default:
      return node satisfies never
  }
}

/** How a Problem cites a scalar: as written in the file, cut, so that no filled-in secret is repeated. */
export function quote(node: ScalarNode): string {
  const text = node.written ?? node.text
  const cut = text.length > 60 ? `${text.slice(0, 60)}…` : text
  return node.written === undefined ? `\`${cut}\`` : `\`${cut}\` (with its variables filled in)`
}
