// The table of merging as a tree, so that two files are merged in one walk.
import type { MergeRow } from './merge-row.ts'

export type MergeRule = {
  row: MergeRow | null
  keys: ReadonlyMap<string, MergeRule>
  names: MergeRule | null
}

type Growing = { row: MergeRow | null; keys: Map<string, Growing>; names: Growing | null }

/** The rule of the root. */
export function toMergeRules(rows: readonly MergeRow[]): MergeRule {
  const root = emptyRule()
  for (const row of rows) {
    let rule = root
    for (const segment of row.path.split('.')) rule = grow(rule, segment)
    rule.row = row
  }
  return root
}

export function below(rule: MergeRule | null, key: string): MergeRule | null {
  return rule?.keys.get(key) ?? rule?.names ?? null
}

function grow(rule: Growing, segment: string): Growing {
  if (segment === '*') {
    rule.names ??= emptyRule()
    return rule.names
  }
  const known = rule.keys.get(segment) ?? emptyRule()
  rule.keys.set(segment, known)
  return known
}

function emptyRule(): Growing {
  return { row: null, keys: new Map(), names: null }
}
