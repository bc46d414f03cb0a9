// The headers of an answer against those that the document declares for it.
import type { Header } from './document.ts'

/** What HTTP itself, the browser's rules and the caches have to say; the document speaks of the API alone. */
const general = new Set([
  ...['content-type', 'content-length', 'transfer-encoding', 'date', 'connection', 'keep-alive', 'trailer'],
  ...['cache-control', 'vary', 'x-content-type-options', 'x-frame-options', 'referrer-policy'],
  ...['access-control-allow-origin', 'access-control-expose-headers', 'access-control-allow-credentials'],
  ...['x-accel-buffering'],
])

export function headerFaults(
  declared: Record<string, Header>,
  given: Readonly<Record<string, unknown>>,
): string[] {
  const rows = Object.entries(declared).map(([name, header]) => [name.toLowerCase(), header] as const)
  const names = new Set(rows.map(([name]) => name))
  const missing = rows.filter(([name, { required }]) => required === true && given[name] === undefined)
  const undeclared = Object.keys(given).filter((name) => !general.has(name) && !names.has(name))
  const wrong = rows.filter(([name, { schema }]) => given[name] !== undefined && !fits(schema, given[name]))
  return [
    ...missing.map(([name]) => `header ${name} is promised, and absent`),
    ...undeclared.map((name) => `header ${name} is not declared`),
    ...wrong.map(([name, { schema }]) => `header ${name} is ${given[name]}, no ${schema.type}`),
  ]
}

function fits({ type, pattern }: Header['schema'], value: unknown): boolean {
  if (type === 'integer') return /^\d+$/.test(String(value))
  return typeof pattern !== 'string' || new RegExp(pattern, 'u').test(String(value))
}
