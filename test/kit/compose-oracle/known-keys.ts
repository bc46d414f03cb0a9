// Which keys the oracle knows: its program carries the schema of the specification that it was built with.
import { readFileSync } from 'node:fs'

type Schema = {
  $ref?: string
  oneOf?: Schema[]
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  patternProperties?: Record<string, Schema>
  additionalProperties?: boolean | Schema
  items?: Schema
  definitions?: Record<string, Schema>
}

/** Key paths in the notation of the front end's table (`services.*.ports[].target`), sorted. */
export function knownKeys(program: string): string[] {
  const schema = readSchema(readFileSync(program))
  const found = new Set<string>()
  collect(schema, '', { definitions: schema.definitions ?? {}, found, open: new Set() })
  return [...found].sort()
}

type Collection = { definitions: Record<string, Schema>; found: Set<string>; open: ReadonlySet<string> }

function collect(schema: Schema, path: string, collection: Collection): void {
  if (schema.$ref !== undefined) collectDefinition(schema.$ref, path, collection)
  for (const choice of [...(schema.oneOf ?? []), ...(schema.anyOf ?? [])]) collect(choice, path, collection)
  for (const [below, inner] of partsOf(schema, path)) {
    collection.found.add(below)
    collect(inner, below, collection)
  }
}

/** A definition inside itself adds no keys. */
function collectDefinition(reference: string, path: string, collection: Collection): void {
  const name = reference.slice(reference.lastIndexOf('/') + 1)
  const definition = collection.definitions[name]
  if (!definition || collection.open.has(name)) return
  collect(definition, path, { ...collection, open: new Set([...collection.open, name]) })
}

function partsOf(schema: Schema, path: string): [string, Schema][] {
  const below = (key: string) => (path === '' ? key : `${path}.${key}`)
  const named = Object.entries(schema.properties ?? {}).map(([key, inner]): [string, Schema] => [
    below(key),
    inner,
  ])
  const chosen = Object.entries(schema.patternProperties ?? {})
    .filter(([pattern]) => pattern !== '^x-')
    .map(([, inner]): [string, Schema] => [below('*'), inner])
  const { additionalProperties: others, items } = schema
  if (typeof others === 'object') chosen.push([below('*'), others])
  return items ? [...named, ...chosen, [`${path}[]`, items]] : [...named, ...chosen]
}

/** The JSON text around the schema's id; it ends with the first brace that is not indented. */
function readSchema(program: Buffer): Schema {
  const start = program.lastIndexOf('{\n  "$schema"', program.indexOf('"compose_spec.json"'))
  if (start === -1) throw new Error('The program carries no schema of the Compose specification')
  const end = program.indexOf('\n}', start)
  return JSON.parse(program.toString('utf8', start, end + 2)) as Schema
}
