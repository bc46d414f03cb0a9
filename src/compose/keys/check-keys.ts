// Walks the whole file along the grammar: known keys in known forms stay, cast to their type; everything else is reported.

import type { Meter } from '../meter.ts'
import { type Entry, type ListNode, type MapNode, type Node, type ScalarNode, scalarNode } from '../node.ts'
import { itemPath, keyPath } from '../path.ts'
import type { Reporter } from '../report.ts'
import { castScalar, expected } from './cast.ts'
import type { Rule } from './grammar.ts'
import type { Form } from './key-row.ts'
import { adviceFor } from './unknown-key.ts'

/**
 * A new tree that shares nothing with `node` but the values of `x-*` keys, and in which every key has a row and every
 * value the form it asks for; null where nothing is left. `!reset` nodes are gone.
 */
export function checkKeys(node: Node, grammar: Rule, reporter: Reporter, meter: Meter): MapNode | null {
  if (node.kind === 'map') return new KeyChecker(grammar, reporter, meter).checkMap(node, grammar, '')
  const message = 'A Compose file is a map: begin with `services:`.'
  reporter.report({ code: 'WRONG_TYPE', path: '', message, at: node.at })
  return null
}

class KeyChecker {
  readonly #grammar: Rule
  readonly #reporter: Reporter
  readonly #meter: Meter

  constructor(grammar: Rule, reporter: Reporter, meter: Meter) {
    this.#grammar = grammar
    this.#reporter = reporter
    this.#meter = meter
  }

  checkMap(map: MapNode, rule: Rule, path: string): MapNode {
    const entries = new Map<string, Entry>()
    for (const [key, entry] of map.entries) {
      if (entry.value.tag === 'reset') continue
      const value = this.#checkEntry(key, entry, map, rule, keyPath(path, key))
      if (value) entries.set(key, { at: entry.at, value })
    }
    return { kind: 'map', at: map.at, entries }
  }

  #checkEntry(key: string, entry: Entry, parent: MapNode, rule: Rule, path: string): Node | null {
    const below = rule.keys.get(key) ?? rule.names
    if (below) return this.#check(entry.value, below, path, entry.at)
    if (key.startsWith('x-')) return entry.value
    const advice = this.#reporter.isFull() ? '' : adviceFor(key, entry.value, parent, rule, this.#grammar)
    const message = `Compose has no key \`${key}\` here. ${advice}`
    this.#reporter.report({ code: 'UNKNOWN_KEY', path, message, at: entry.at })
    return null
  }

  /** `at` is where the key stands, or the item: a problem points there. */
  #check(node: Node, rule: Rule, path: string, at: number): Node | null {
    this.#meter.checkedNodes += 1
    const { row } = rule
    if (!row) return node
    if (row.fate === 'carried') return node
    if (row.fate === 'noted')
      this.#reporter.report({ code: 'NO_EFFECT', severity: 'info', path, message: row.note, at })
    if (node.kind === 'scalar') return this.#checkScalar(node, row.forms, path, at)
    return row.forms.includes(node.kind)
      ? this.#checkInside(node, rule, path)
      : this.#wrongType(node, row.forms, path, at)
  }

  #checkInside(node: MapNode | ListNode, rule: Rule, path: string): Node {
    if (node.kind === 'map') return this.checkMap(node, rule, path)
    const items = node.items.map((item, index) => this.#checkItem(item, rule, itemPath(path, index)))
    return node.isMerged
      ? { kind: 'list', at: node.at, items, isMerged: true }
      : { kind: 'list', at: node.at, items }
  }

  /** What must go leaves an empty item behind, so that the paths of the others stay true. */
  #checkItem(item: Node, rule: Rule, path: string): Node {
    const checked = item.tag !== 'reset' && rule.items ? this.#check(item, rule.items, path, item.at) : null
    return checked ?? scalarNode(null, item.at)
  }

  #checkScalar(node: ScalarNode, forms: readonly Form[], path: string, at: number): ScalarNode | null {
    if (node.isUnfilled) return null
    const cast = castScalar(node, forms)
    if (!cast.ok) {
      this.#reporter.report({ code: 'WRONG_TYPE', path, message: `\`${path}\` ${cast.message}.`, at })
      return null
    }
    if (cast.remark) {
      this.#reporter.report({
        code: 'OLD_BOOLEAN',
        severity: 'warning',
        path,
        message: `YAML 1.2: ${cast.remark}.`,
        at,
      })
    }
    return cast.node
  }

  #wrongType(node: MapNode | ListNode, forms: readonly Form[], path: string, at: number): null {
    const message = `\`${path}\` must be ${expected(forms)}, but it is a ${node.kind}.`
    this.#reporter.report({ code: 'WRONG_TYPE', path, message, at })
    return null
  }
}
