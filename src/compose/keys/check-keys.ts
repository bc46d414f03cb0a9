// Walks the whole file along the grammar: known keys in known forms stay, cast to their type; everything else is reported.

import type { Meter } from '../meter.ts'
import {
  type Entry,
  type ListNode,
  type MapNode,
  mapItems,
  mapValues,
  type Node,
  type ScalarNode,
  scalarNode,
} from '../node.ts'
import { Trail } from '../path.ts'
import type { Reporter } from '../report.ts'
import { castScalar, expected, hasForm } from './cast.ts'
import type { Rule } from './grammar.ts'
import type { Form } from './key-row.ts'
import { adviceFor } from './unknown-key.ts'

/**
 * The tree in which every key has a row and every value the form it asks for, sharing what was so already; null where
 * nothing is left. `!reset` nodes are gone.
 */
export function checkKeys(node: Node, grammar: Rule, reporter: Reporter, meter: Meter): MapNode | null {
  if (node.kind === 'map') return new KeyChecker(grammar, reporter, meter).checkMap(node, grammar)
  const message = 'A Compose file is a map: begin with `services:`.'
  reporter.report({ code: 'WRONG_TYPE', path: '', message, at: node.at })
  return null
}

class KeyChecker {
  readonly #grammar: Rule
  readonly #reporter: Reporter
  readonly #meter: Meter
  readonly #trail = new Trail()

  constructor(grammar: Rule, reporter: Reporter, meter: Meter) {
    this.#grammar = grammar
    this.#reporter = reporter
    this.#meter = meter
  }

  checkMap(map: MapNode, rule: Rule): MapNode {
    return mapValues(map, (entry, key) => {
      if (entry.value.tag === 'reset') return null
      this.#trail.enter(key)
      const value = this.#checkEntry(key, entry, map, rule)
      this.#trail.leave()
      return value
    })
  }

  #checkEntry(key: string, entry: Entry, parent: MapNode, rule: Rule): Node | null {
    const below = rule.keys.get(key) ?? rule.names
    if (below) return this.#check(entry.value, below, entry.at)
    if (key.startsWith('x-')) return entry.value
    const advice = this.#reporter.isFull() ? '' : adviceFor(key, entry.value, parent, rule, this.#grammar)
    const message = `Compose has no key \`${key}\` here. ${advice}`
    this.#reporter.report({ code: 'UNKNOWN_KEY', path: this.#trail.path, message, at: entry.at })
    return null
  }

  /** `at` is where the key stands, or the item: a problem points there. */
  #check(node: Node, rule: Rule, at: number): Node | null {
    this.#meter.checkedNodes += 1
    const { row } = rule
    if (!row) return node
    if (row.fate === 'carried') return node
    if (row.fate === 'noted') this.#note(row.note, at)
    if (node.kind === 'scalar') return this.#checkScalar(node, row.forms, at)
    return row.forms.includes(node.kind)
      ? this.#checkInside(node, rule)
      : this.#wrongType(node, row.forms, at)
  }

  #checkInside(node: MapNode | ListNode, rule: Rule): Node {
    if (node.kind === 'map') return this.checkMap(node, rule)
    return mapItems(node, (item, index) => this.#checkItem(item, rule, index))
  }

  /** What must go leaves an empty item behind, so that the paths of the others stay true. */
  #checkItem(item: Node, rule: Rule, index: number): Node {
    this.#trail.enter(index)
    const checked = item.tag !== 'reset' && rule.items ? this.#check(item, rule.items, item.at) : null
    this.#trail.leave()
    return checked ?? scalarNode(null, item.at)
  }

  #checkScalar(node: ScalarNode, forms: readonly Form[], at: number): ScalarNode | null {
    if (node.isUnfilled) return null
    if (hasForm(node, forms)) return node
    const cast = castScalar(node, forms)
    if (!cast.ok) {
      const { path } = this.#trail
      this.#reporter.report({ code: 'WRONG_TYPE', path, message: `\`${path}\` ${cast.message}.`, at })
      return null
    }
    if (cast.remark) {
      this.#reporter.report({
        code: 'OLD_BOOLEAN',
        severity: 'warning',
        path: this.#trail.path,
        message: `YAML 1.2: ${cast.remark}.`,
        at,
      })
    }
    return cast.node
  }

  #note(message: string, at: number): void {
    this.#reporter.report({ code: 'NO_EFFECT', severity: 'info', path: this.#trail.path, message, at })
  }

  #wrongType(node: MapNode | ListNode, forms: readonly Form[], at: number): null {
    const { path } = this.#trail
    const message = `\`${path}\` must be ${expected(forms)}, but it is a ${node.kind}.`
    this.#reporter.report({ code: 'WRONG_TYPE', path, message, at })
    return null
  }
}
