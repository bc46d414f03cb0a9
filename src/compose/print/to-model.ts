// The canonical tree as plain data in the form of `docker compose config`.
import { type Rule, toGrammar } from '../keys/grammar.ts'
import type { KeyRow } from '../keys/key-row.ts'
import { KEYS } from '../keys/table.ts'
import type { MapNode, Node, ScalarNode } from '../node.ts'
import { escapeDollars } from './escape-dollars.ts'
import type { PrintedRow } from './printed-row.ts'
import { PRINTED } from './table.ts'

export type Plain = Record<string, unknown>

/** What is known of a place: which key it is, and whether it is printed in a way of its own. null: unread. */
type Place = { key: Rule<KeyRow> | null; printed: Rule<PrintedRow> | null }

const ROOT: Place = { key: toGrammar(KEYS), printed: toGrammar(PRINTED) }

/** Keys in the order of the file; dollars doubled, so that no variable is seen in them again. */
export function toModel(root: MapNode): Plain {
  return mapOf(root, ROOT)
}

function plainOf(node: Node, place: Place): unknown {
  const row = place.printed?.row
  if (row) return row.print(node)
  switch (node.kind) {
    case 'scalar':
      return scalarOf(node, place)
    case 'list':
      return node.items.map((item) => plainOf(item, itemOf(place))).filter((item) => item !== undefined)
    case 'map':
      return mapOf(node, place)
    default:
      return node satisfies never
  }
}

function mapOf(map: MapNode, place: Place): Plain {
  const printed: [string, unknown][] = []
  for (const [key, { value }] of map.entries) {
    const plain = plainOf(value, below(place, key))
    if (plain !== undefined) printed.push([key, plain])
  }
  return Object.fromEntries(printed)
}

/** False is the default of every key but those with a row. What the specification doesn't read stays as it is. */
function scalarOf(node: ScalarNode, { key }: Place): unknown {
  if (typeof node.value === 'string') return escapeDollars(node.value)
  if (key?.row?.fate !== 'read' || node.value === null) return node.value
  if (key.row.forms.includes('text')) return escapeDollars(node.text)
  return node.value === false ? undefined : node.value
}

function below({ key, printed }: Place, name: string): Place {
  return {
    key: key?.keys.get(name) ?? key?.names ?? null,
    printed: printed?.keys.get(name) ?? printed?.names ?? null,
  }
}

function itemOf({ key, printed }: Place): Place {
  return { key: key?.items ?? null, printed: printed?.items ?? null }
}
