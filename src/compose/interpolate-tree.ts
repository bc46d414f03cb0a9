// Fills in the variables of all values of a tree; keys stay as they are.
import { type Environment, interpolate } from './interpolate.ts'
import type { ComposeLimits } from './limits.ts'
import type { Meter } from './meter.ts'
import { copyOf, type ListNode, type MapNode, type Node, type ScalarNode } from './node.ts'
import { Trail } from './path.ts'
import type { Reporter } from './report.ts'

type TreeContext = { environment: Environment; reporter: Reporter; limits: ComposeLimits; meter: Meter }

/** A new tree where something changed, the same nodes where nothing did. An aliased node is filled in once. */
export function interpolateTree(root: Node, path: string, context: TreeContext): Node {
  return new TreeFiller(path, context).fill(root)
}

class TreeFiller {
  readonly #context: TreeContext
  readonly #trail: Trail
  readonly #done = new Map<Node, Node>()

  constructor(path: string, context: TreeContext) {
    this.#trail = new Trail(path)
    this.#context = context
  }

  fill(node: Node): Node {
    if (node.kind === 'scalar')
      return typeof node.value === 'string' && node.value.includes('$')
        ? this.#fillText(node, node.value)
        : node
    const known = this.#done.get(node)
    if (known) return known
    const filled = node.kind === 'map' ? this.#fillMap(node) : this.#fillList(node)
    if (filled !== node) this.#done.set(node, filled)
    return filled
  }

  #fillMap(node: MapNode): Node {
    let filledMap = node
    node.entries.forEach(({ at, value }, key) => {
      this.#trail.enter(key)
      const filled = this.fill(value)
      this.#trail.leave()
      if (filled === value) return
      if (filledMap === node) filledMap = copyOf(node)
      filledMap.entries.set(key, { at, value: filled })
    })
    return filledMap
  }

  #fillList(node: ListNode): Node {
    let filledList = node
    node.items.forEach((item, index) => {
      this.#trail.enter(index)
      const filled = this.fill(item)
      this.#trail.leave()
      if (filled === item) return
      if (filledList === node) filledList = { ...node, items: [...node.items] }
      filledList.items[index] = filled
    })
    return filledList
  }

  #fillText(node: ScalarNode, template: string): ScalarNode {
    const { environment, reporter, limits, meter } = this.#context
    const filled = interpolate(template, environment, limits.interpolatedCharacters - meter.filledCharacters)
    if (!filled.ok) {
      reporter.report({ code: filled.code, path: this.#trail.path, message: filled.message, at: node.at })
      return { ...node, isUnfilled: true }
    }
    meter.filledCharacters += filled.text.length
    for (const name of new Set(filled.missing)) {
      const message = `The variable \`${name}\` is not set and counts as empty: give it a value, or write \`\${${name}:-}\`.`
      reporter.report({
        code: 'VARIABLE_NOT_SET',
        severity: 'warning',
        path: this.#trail.path,
        message,
        at: node.at,
      })
    }
    return { ...node, value: filled.text, text: filled.text, written: template }
  }
}
