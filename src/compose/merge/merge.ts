// Puts a later file over an earlier one, or a service over the one that it extends. Neither is changed.
import type { ComposeLimits } from '../limits.ts'
import type { Meter } from '../meter.ts'
import { child, type Entry, type ListNode, type MapNode, type Node, scalarAt, textAt } from '../node.ts'
import { keyPath } from '../path.ts'
import { overLimit } from '../read/read-error.ts'
import type { Reporter } from '../report.ts'
import { pairsToMap, toMergeable } from './convert.ts'
import type { Identity } from './merge-row.ts'
import { below, type MergeRule, toMergeRules } from './merge-rule.ts'
import { MERGE_ROWS } from './table.ts'

export type MergeContext = { reporter: Reporter; limits: ComposeLimits; meter: Meter }

const RULES = toMergeRules(MERGE_ROWS)

/**
 * Specification, "Merge": maps grow, lists are joined, values are replaced, an empty value changes nothing; the table
 * says what is otherwise. `!reset` and `!override` of `over` win over all of it; those of `base` must be gone. What
 * stays keeps its place in the file that it came from. Throws ReadError beyond the limit of merged nodes.
 */
export function mergeFiles(base: MapNode, over: MapNode, context: MergeContext): MapNode {
  return new Merger(context).mergeMaps(base, over, '', RULES)
}

/** The same for one service; `name` is that of `over`. */
export function mergeServices(base: MapNode, over: MapNode, name: string, context: MergeContext): MapNode {
  const rule = below(below(RULES, 'services'), name)
  return new Merger(context).mergeMaps(base, over, keyPath('services', name), rule)
}

class Merger {
  readonly #context: MergeContext

  constructor(context: MergeContext) {
    this.#context = context
  }

  mergeMaps(base: MapNode, over: MapNode, path: string, rule: MergeRule | null): MapNode {
    this.#charge(base.entries.size + over.entries.size, over.at)
    const entries = new Map(base.entries)
    for (const [key, entry] of over.entries) {
      const before = entries.get(key)
      entries.set(
        key,
        before && !key.startsWith('x-') ? this.#mergeEntry(before, entry, key, path, rule) : entry,
      )
    }
    return { kind: 'map', at: base.at, entries }
  }

  #mergeEntry(before: Entry, entry: Entry, key: string, path: string, rule: MergeRule | null): Entry {
    const value = this.#merge(before.value, entry.value, keyPath(path, key), below(rule, key))
    return value === entry.value ? entry : { at: before.at, value }
  }

  #merge(base: Node, over: Node, path: string, rule: MergeRule | null): Node {
    if (over.tag || isNull(base)) return over
    if (isNull(over)) return base
    const form = rule?.row?.form
    if (form === 'replace') return over
    if (form === 'pairs') return this.#mergePairs(base, over, path, rule)
    if (form === undefined) return this.#mergeAlike(base, over, path, rule)
    const one = toMergeable(base, form, path)
    const other = toMergeable(over, form, path)
    if (!one || !other) return this.#refuse(over, path, 'it holds something that is no text')
    if (form === 'logging' && !isSameDriver(one, other)) return other
    if (form === 'subnets') return this.#mergeSubnets(one, other, path)
    return this.#mergeAlike(one, other, path, rule)
  }

  #mergeAlike(base: Node, over: Node, path: string, rule: MergeRule | null): Node {
    if (base.kind === 'map' && over.kind === 'map') return this.mergeMaps(base, over, path, rule)
    if (base.kind === 'list' && over.kind === 'list') return this.#mergeLists(base, over, rule?.row?.identity)
    if (base.kind === 'scalar') return over
    return this.#refuse(over, path, `it is a ${base.kind} there`)
  }

  #mergeLists(base: ListNode, over: ListNode, identity: Identity | undefined): ListNode {
    this.#charge(base.items.length + over.items.length, over.at)
    const items = [...base.items, ...over.items.filter((item) => item.tag !== 'reset')]
    return { kind: 'list', at: base.at, items: identity ? unite(items, identity) : items, isMerged: true }
  }

  /** An entry without a value replaces one with a value here: it stands for that of the environment. */
  #mergePairs(base: Node, over: Node, path: string, rule: MergeRule | null): Node {
    if (base.kind === 'list' && over.kind === 'list') return this.#mergeAlike(base, over, path, rule)
    const one = base.kind === 'list' ? pairsToMap(base) : base
    const other = over.kind === 'list' ? pairsToMap(over) : over
    if (one?.kind !== 'map' || other?.kind !== 'map') {
      return this.#refuse(over, path, 'one of them is neither a map nor a list of texts')
    }
    this.#charge(one.entries.size + other.entries.size, over.at)
    return { kind: 'map', at: base.at, entries: new Map([...one.entries, ...other.entries]) }
  }

  #mergeSubnets(base: Node, over: Node, path: string): Node {
    if (base.kind !== 'list' || over.kind !== 'list') return this.#mergeAlike(base, over, path, null)
    this.#charge(base.items.length + over.items.length, over.at)
    const items = [...base.items]
    const indexes = new Map(items.map((item, index) => [subnetOf(item), index]))
    for (const item of over.items) {
      const index = indexes.get(subnetOf(item)) ?? -1
      const before = items[index]
      if (before?.kind === 'map' && item.kind === 'map')
        items[index] = this.mergeMaps(before, item, path, null)
      else items.push(item)
    }
    return { kind: 'list', at: base.at, items, isMerged: true }
  }

  #refuse(over: Node, path: string, reason: string): Node {
    const message = `\`${path}\` can't be merged with the file or service before (${reason}): write both in one form.`
    this.#context.reporter.report({ code: 'CANNOT_MERGE', path, message, at: over.at })
    return over
  }

  #charge(nodes: number, at: number): void {
    const { meter, limits } = this.#context
    meter.mergedNodes += nodes
    if (meter.mergedNodes <= limits.mergedNodes) return
    const what = 'The files and extended services are too much to merge'
    throw overLimit('MERGE_LIMIT', what, limits.mergedNodes, 'extend less, or split the system', at)
  }
}

/** Each item once: the last of its kind, where the first one stood. */
export function unite(items: readonly Node[], identity: Identity): Node[] {
  const united = new Map<unknown, Node>()
  for (const item of items) united.set(identity(item) ?? item, item)
  return [...united.values()]
}

/** An item that names no subnet is like no other. */
function subnetOf(item: Node): unknown {
  return (item.kind === 'map' ? textAt(item, 'subnet') : null) ?? item
}

function isNull(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null
}

function isSameDriver(base: Node, over: Node): boolean {
  if (base.kind !== 'map' || over.kind !== 'map' || !child(base, 'driver') || !child(over, 'driver'))
    return true
  return scalarAt(base, 'driver')?.text === scalarAt(over, 'driver')?.text
}
