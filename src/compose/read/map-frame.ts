// One map while it is read: which key waits for its value, what merge keys brought, which keys are there already.
import type { Entry, MapNode, Node } from '../node.ts'

/** What a map has to say about an entry, besides taking it. */
export type MapComplaint =
  | { kind: 'non-string-key'; name: string; at: number }
  | { kind: 'duplicate-key'; name: string; at: number; first: number }
  | { kind: 'bad-merge'; at: number }

/** Modes: waiting for a key, then for its value. A key of the map itself wins over a merged one, wherever it stands. */
export class MapFrame {
  readonly node: MapNode
  readonly anchor: string | null
  /** The nodes and levels that it stands for so far, aliases expanded. */
  size = 1
  depth = 1
  /** The key that waits for its value; null: none does. */
  #name: string | null = null
  #at = -1
  /** Others are reported, and their values left out. */
  #isText = true
  #isMerge = false
  #merged: Set<string> | null = null
  #mergeAt: number | null = null

  constructor(node: MapNode, anchor: string | null) {
    this.node = node
    this.anchor = anchor
  }

  get pendingName(): string | null {
    return this.#name
  }

  /** The place of the key that waits, for values that have no text. */
  get pendingAt(): number {
    return this.#name === null ? this.node.at : this.#at
  }

  /** Whether the next value will be merged, entry by entry. */
  get isMerging(): boolean {
    return this.#isMerge
  }

  /** A key that is text, as nearly all are. */
  takeName(name: string, at: number, isMerge: boolean): void {
    this.#name = name
    this.#at = at
    this.#isText = true
    this.#isMerge = isMerge
  }

  takeKey(key: Node, isMerge: boolean): MapComplaint | null {
    const name = key.kind === 'scalar' ? (key.value === null ? 'null' : key.text) : `a ${key.kind}`
    this.takeName(name, key.at, isMerge)
    this.#isText = key.kind === 'scalar' && typeof key.value === 'string'
    return this.#isText ? null : { kind: 'non-string-key', name, at: key.at }
  }

  takeValue(value: Node): MapComplaint | null {
    const name = this.#name
    if (name === null) throw new Error('a value came before its key')
    const isMerge = this.#isMerge
    this.#name = null
    this.#isMerge = false
    return isMerge ? this.#merge(value) : this.#set(name, value)
  }

  #set(name: string, value: Node): MapComplaint | null {
    if (!this.#isText) return null
    const { entries } = this.node
    const first = entries.get(name)
    if (first && !this.#merged?.has(name)) {
      return { kind: 'duplicate-key', name, at: this.#at, first: first.at }
    }
    entries.set(name, { at: this.#at, value })
    this.#merged?.delete(name)
    return null
  }

  #merge(value: Node): MapComplaint | null {
    if (this.#mergeAt !== null)
      return { kind: 'duplicate-key', name: '<<', at: this.#at, first: this.#mergeAt }
    this.#mergeAt = this.#at
    const maps = value.kind === 'list' ? value.items : [value]
    for (const map of maps) {
      if (map.kind !== 'map') return { kind: 'bad-merge', at: value.at }
      for (const [name, entry] of map.entries) this.#mergeEntry(name, entry)
    }
    return null
  }

  /** Earlier maps of a merge win over later ones (YAML merge key type, "<<"). */
  #mergeEntry(name: string, entry: Entry): void {
    if (this.node.entries.has(name)) return
    this.node.entries.set(name, entry)
    this.#merged ??= new Set()
    this.#merged.add(name)
  }
}

/** A complaint as a Problem says it; `lineOf` finds the line of a place. */
export function wordsOf(complaint: MapComplaint, lineOf: (at: number) => number | undefined) {
  switch (complaint.kind) {
    case 'non-string-key':
      return { code: 'NON_STRING_KEY', message: `Keys are text: put \`${complaint.name}\` in quotes.` }
    case 'duplicate-key': {
      const advice = complaint.name === '<<' ? 'merge a list, `<<: [*a, *b]`' : 'keep one of them'
      const message = `\`${complaint.name}\` is already given in line ${lineOf(complaint.first)}: ${advice}.`
      return { code: 'DUPLICATE_KEY', message }
    }
    case 'bad-merge':
      return {
        code: 'INVALID_YAML',
        message: '`<<` merges maps: give an alias to a map, or a list of those.',
      }
    default:
      return complaint satisfies never
  }
}
