// Takes out of the oracle's answers what only one machine has: the folder that paths were resolved against.

/** `model` with paths below `folder` relative to it. */
export function portable(model: unknown, folder: string): unknown {
  const base = folder.replace(/\/$/, '')
  const visit = (value: unknown): unknown => {
    if (typeof value === 'string') return relative(value, base)
    if (Array.isArray(value)) return value.map(visit)
    if (value === null || typeof value !== 'object') return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, visit(inner)]))
  }
  return visit(model)
}

function relative(text: string, base: string): string {
  if (text === base) return '.'
  return text.startsWith(`${base}/`) ? `./${text.slice(base.length + 1)}` : text
}
