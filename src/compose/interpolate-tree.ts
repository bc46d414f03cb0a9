// Fills in the variables of all values of a tree; keys stay as they are.
import { type Environment, interpolate } from './interpolate.ts'
import type { ComposeLimits } from './limits.ts'
import type { Meter } from './meter.ts'
import { type Entry, mapItems, mapValues, type Node, type ScalarNode } from './node.ts'
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
    const filled = node.kind === 'map' ? mapValues(node, this.#fillValue) : mapItems(node, this.#fillItem)
    if (filled !== node) this.#done.set(node, filled)
    return filled
  }

  #fillValue = ({ value }: Entry, key: string): Node => this.#fillAt(key, value)

  #fillItem = (item: Node, index: number): Node => this.#fillAt(index, item)

  #fillAt(step: string | number, value: Node): Node {
    this.#trail.enter(step)
    const filled = this.fill(value)
    this.#trail.leave()
    return filled
  }

  #fillText(node: ScalarNode, template: string): ScalarNode {
    const { environment, reporter, limits, meter } = this.#context
    const filled = interpolate(template, environment, limits.interpolatedCharacters - meter.filledCharacters)
    if (!filled.ok) {
      reporter.report({ code: filled.code, path: this.#trail.path, message: filled.message, at: node.at })
      return { ...node, isUnfilled: true }
    }
    meter.filledCharacters += filled.text.length
    if (filled.missing.length > 0) this.#reportMissing(node, filled.missing)
    return { ...node, value: filled.text, text: filled.text, written: template }
  }

  #reportMissing(node: ScalarNode, missing: readonly string[]): void {
    for (const name of new Set(missing)) {
      const message = `The variable \`${name}\` is not set and counts as empty: give it a value, or write \`\${${name}:-}\`.`
      this.#context.reporter.report({
        code: 'VARIABLE_NOT_SET',
        severity: 'warning',
        path: this.#trail.path,
        message,
        at: node.at,
      })
    }
  }
}
