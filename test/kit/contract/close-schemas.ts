// Schemas for tests: what they do not name may not be there. Clients get the open ones, and ignore what they don't know.
import type { Schema } from './document.ts'

/** The same schema, or whatever holds schemas, in which every object with named properties allows no others. */
export function closeSchemas<T>(value: T): T {
  return close(value, false) as T
}

/** `isPart`: a part of an `allOf`, which does not know the properties of the other parts: the whole is closed. */
function close(value: unknown, isPart: boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => close(item, isPart))
  if (!isMap(value)) return value
  const closed = Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, closeBelow(key, inner)]),
  )
  return isPart || !hasNames(value) ? closed : { ...closed, unevaluatedProperties: false }
}

function closeBelow(key: string, inner: unknown): unknown {
  // These hold values, which may look like schemas.
  if (['example', 'examples', 'default', 'const', 'enum'].includes(key)) return inner
  return close(inner, key === 'allOf')
}

function hasNames(schema: Schema): boolean {
  if ('additionalProperties' in schema || 'unevaluatedProperties' in schema) return false
  if (schema.type === 'object' && isMap(schema.properties)) return true
  return Array.isArray(schema.allOf)
}

function isMap(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
