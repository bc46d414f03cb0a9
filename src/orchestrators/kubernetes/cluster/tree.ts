// Plain data as a map of what is in it.

export type Tree = Record<string, unknown>

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Anything but a map is an empty one. */
export function toTree(value: unknown): Tree {
  return isTree(value) ? value : {}
}
