// What a row of the table of keys says.

/**
 * The shapes that a value may have. `text` is a YAML string; `integer`, `number` and `boolean` are cast from text too,
 * because a filled-in variable is always text (reference loader, "typed casting").
 */
export type Form = 'text' | 'integer' | 'number' | 'boolean' | 'null' | 'list' | 'map'

/**
 * `path`: a pattern, `*` for names that the file chooses, `[]` for the items of a list. `read`: it is part of the
 * SystemSpec; what becomes of it there is the orchestrator's own table. `noted`: it is understood and has no effect.
 * `carried`: no key of the specification; it goes on unread, as `x-*` keys do.
 */
export type KeyRow =
  | { path: string; fate: 'read'; forms: readonly Form[] }
  | { path: string; fate: 'noted'; forms: readonly Form[]; note: string }
  | { path: string; fate: 'carried' }

export function read(path: string, ...forms: Form[]): KeyRow {
  return { path, fate: 'read', forms }
}

/** Rows for keys of one map that have the same forms. */
export function readAll(parent: string, keys: readonly string[], ...forms: Form[]): KeyRow[] {
  return keys.map((key) => read(`${parent}.${key}`, ...forms))
}

/** A list of texts. */
export function texts(path: string): KeyRow[] {
  return [read(path, 'list'), read(`${path}[]`, 'text')]
}

/** A text, or a list of them. */
export function textOrTexts(path: string): KeyRow[] {
  return [read(path, 'text', 'list'), read(`${path}[]`, 'text')]
}

/** A command: words, or a text that is split into words. */
export function words(path: string): KeyRow[] {
  return [read(path, 'text', 'list', 'null'), read(`${path}[]`, 'text')]
}

/** A map of texts, or a list of `name=value`. */
export function textMap(path: string): KeyRow[] {
  return [
    read(path, 'map', 'list'),
    read(`${path}.*`, 'text', 'number', 'boolean', 'null'),
    read(`${path}[]`, 'text'),
  ]
}

/** A map of texts and numbers, with no other form. */
export function options(path: string): KeyRow[] {
  return [read(path, 'map'), read(`${path}.*`, 'text', 'number')]
}
