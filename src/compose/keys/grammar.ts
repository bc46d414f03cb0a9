// A table of rows as a tree, so that a file is worked on in one walk.
import type { KeyRow } from './key-row.ts'

/** What may stand at one place: its row, the keys below it, the rule for names that the file chooses, that for items. */
export type Rule<Row = KeyRow> = {
  row: Row | null
  keys: Map<string, Rule<Row>>
  names: Rule<Row> | null
  items: Rule<Row> | null
}

/** The rule of the root. */
export function toGrammar<Row extends { path: string }>(rows: readonly Row[]): Rule<Row> {
  const root = emptyRule<Row>()
  for (const row of rows) ruleAt(root, row.path).row = row
  return root
}

/** The segments of a pattern: `services.*.ports[]` is `services`, `*`, `ports`, `[]`. */
export function segmentsOf(path: string): string[] {
  return path.replaceAll('[]', '.[]').split('.')
}

function ruleAt<Row>(root: Rule<Row>, path: string): Rule<Row> {
  let rule = root
  for (const segment of segmentsOf(path)) rule = below(rule, segment)
  return rule
}

function below<Row>(rule: Rule<Row>, segment: string): Rule<Row> {
  if (segment === '*') {
    rule.names ??= emptyRule()
    return rule.names
  }
  if (segment === '[]') {
    rule.items ??= emptyRule()
    return rule.items
  }
  const known = rule.keys.get(segment) ?? emptyRule<Row>()
  rule.keys.set(segment, known)
  return known
}

function emptyRule<Row>(): Rule<Row> {
  return { row: null, keys: new Map(), names: null, items: null }
}
