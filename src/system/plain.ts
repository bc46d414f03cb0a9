// From typed objects to plain JSON.

/** Without the keys that are undefined, at every depth. */
export function toPlainRecord(value: object): Record<string, unknown> {
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  return Object.fromEntries(entries.map(([key, item]) => [key, toPlain(item)]))
}

function toPlain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toPlain)
  if (typeof value !== 'object' || value === null) return value
  return toPlainRecord(value)
}
