// The items of a batch from a file: JSON as the API takes it, or a table with a line for each.
import type { BatchRequest } from '../../client/shapes.ts'
import { UsageError } from '../exit-codes.ts'
import type { Source } from '../source.ts'
import { parseCsv } from './parse-csv.ts'

export type Items = NonNullable<BatchRequest['items']>

/** Columns of a table that are no variables. */
const OWN_COLUMNS: readonly string[] = ['name', 'clientId']

/** What begins as JSON does is JSON. Throws UsageError; what an item may hold is the server's to say. */
export function readItems({ text, label }: Pick<Source, 'text' | 'label'>): Items {
  const items = /^\s*[[{]/.test(text) ? fromJson(text, label) : fromTable(text, label)
  if (items.length === 0) throw new UsageError(`${label} has no items`)
  return items
}

/** The list itself, or an object that has it under `items`. */
function fromJson(text: string, label: string): Items {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new UsageError(`${label} is no JSON: ${error instanceof Error ? error.message : error}`)
  }
  const items = Array.isArray(value) ? value : (value as { items?: unknown } | null)?.items
  if (!Array.isArray(items))
    throw new UsageError(`${label} is neither a list of items nor has one as "items"`)
  return items as Items
}

function fromTable(text: string, label: string): Items {
  const [head = { cells: [], line: 1 }, ...rows] = parseCsv(text, label)
  const columns = head.cells.map((title) => title.trim())
  const bad = columns.find((title) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(title))
  if (bad !== undefined)
    throw new UsageError(`${label}:1: the column "${bad}" is neither name, clientId nor a variable`)
  const twice = columns.find((title, at) => columns.indexOf(title) !== at)
  if (twice !== undefined) throw new UsageError(`${label}:1: there are two columns "${twice}"`)
  return rows.map(({ cells, line }) => {
    if (cells.length !== columns.length)
      throw new UsageError(`${label}:${line}: ${cells.length} cells, and ${columns.length} columns`)
    return toItem(columns.map((title, at): [string, string] => [title, cells[at] ?? '']))
  })
}

/** An empty cell of a name or a client id is none; an empty variable is one. */
function toItem(cells: readonly [string, string][]): Items[number] {
  const own = cells.filter(([title, value]) => OWN_COLUMNS.includes(title) && value !== '')
  const env = cells.filter(([title]) => !OWN_COLUMNS.includes(title))
  return { ...Object.fromEntries(own), ...(env.length > 0 && { env: Object.fromEntries(env) }) }
}
