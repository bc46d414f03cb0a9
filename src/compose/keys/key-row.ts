// What a row of the table of keys says.

/**
 * The shapes that a value may have. `text` is a YAML string; `integer`, `number` and `boolean` are cast from text too,
 * because a filled-in variable is always text (reference loader, "typed casting").
 */
export type Form = 'text' | 'integer' | 'number' | 'boolean' | 'null' | 'list' | 'map'

/**
 * `path`: a pattern, `*` for names that the file chooses, `[]` for the items of a list. A map whose rows give no key
 * below it is open. `read`: it is part of the SystemSpec. `noted`: it is understood and has no effect. `later`: it is in
 * the specification, and refused as not supported yet.
 */
export type KeyRow =
  | { path: string; fate: 'read'; forms: readonly Form[] }
  | { path: string; fate: 'noted'; forms: readonly Form[]; note: string }
  | { path: string; fate: 'later' }

export function read(path: string, ...forms: Form[]): KeyRow {
  return { path, fate: 'read', forms }
}

/** Rows for keys of one map that are all to come. */
export function later(parent: string, ...keys: string[]): KeyRow[] {
  return keys.map((key) => ({ path: parent === '' ? key : `${parent}.${key}`, fate: 'later' }))
}
