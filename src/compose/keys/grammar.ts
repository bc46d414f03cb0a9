// The table of keys as a tree, so that a file is checked in one walk.
import type { KeyRow } from './key-row.ts'

/** What may stand at one place: its row, the keys below it, the rule for names that the file chooses, that for items. */
export type Rule = { row: KeyRow | null; keys: Map<string, Rule>; names: Rule | null; items: Rule | null }

/** The rule of the root. */
export function toGrammar(rows: readonly KeyRow[]): Rule {
  const root = emptyRule()
  for (const row of rows) ruleAt(root, row.path).row = row
  return root
}

/** The segments of a pattern: `services.*.ports[]` is `services`, `*`, `ports`, `[]`. */
export function segmentsOf(path: string): string[] {
  return path.replaceAll('[]', '.[]').split('.')
}

function ruleAt(root: Rule, path: string): Rule {
  let rule = root
  for (const segment of segmentsOf(path)) rule = below(rule, segment)
  return rule
}

function below(rule: Rule, segment: string): Rule {
  if (segment === '*') {
    rule.names ??= emptyRule()
    return rule.names
  }
  if (segment === '[]') {
    rule.items ??= emptyRule()
    return rule.items
  }
  const known = rule.keys.get(segment) ?? emptyRule()
  rule.keys.set(segment, known)
  return known
}

function emptyRule(): Rule {
  return { row: null, keys: new Map(), names: null, items: null }
}
