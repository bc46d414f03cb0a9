// Requests are checked as they are: nothing is removed, and only what stands in a URL is converted to its type.
import type { FastifyInstance, FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Settings } from 'typebox/system'
import { Value } from 'typebox/value'
import { apiError } from '../api-error.ts'

/** Errors about one request that are told at once. */
const maxErrors = 64

const compiler: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const validator = Compile(schema)
  const isConverted = httpPart !== 'body' && !hasTextsOnly(schema)
  const maps = httpPart === 'querystring' ? mapsIn(schema) : []
  return (input: unknown) => {
    const value = isConverted && !isEmpty(input) ? Value.Convert(schema, withMaps(maps, input)) : input
    return validator.Check(value) ? { value } : { error: validator.Errors(value) }
  }
}

/** Parameters whose text is the JSON of a map (OpenAPI 3.1, 4.8.12: a parameter with `content`). */
function mapsIn(schema: TSchema): string[] {
  const { properties = {} } = schema as { properties?: Record<string, { 'x-consume'?: string }> }
  return Object.keys(properties).filter((name) => properties[name]?.['x-consume'] === 'application/json')
}

function withMaps(names: readonly string[], input: unknown): unknown {
  if (names.length === 0) return input
  const given = Object.entries(input as object)
  return Object.fromEntries(given.map(([name, text]) => [name, names.includes(name) ? parsed(text) : text]))
}

/** What is no JSON stays a text, which the schema refuses. */
function parsed(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : text
  } catch {
    return text
  }
}

/** What stands in a URL or a header is text: nothing has to be converted where text is wanted. */
function hasTextsOnly(schema: TSchema): boolean {
  const { properties } = schema as { properties?: Record<string, { type?: string }> }
  return Object.values(properties ?? { unknown: {} }).every(({ type }) => type === 'string')
}

function isEmpty(input: unknown): boolean {
  return typeof input === 'object' && input !== null && Object.keys(input).length === 0
}

/** Answers are written as the handlers made them; tests hold them against their schemas. */
export function addValidation(app: FastifyInstance): void {
  Settings.Set({ maxErrors })
  app.addHook('onRequest', ({ method, headers }, _reply, done) => {
    const encoding = headers['content-encoding']?.toLowerCase() ?? 'identity'
    const isPacked = encoding !== 'identity' && method !== 'GET' && method !== 'HEAD'
    done(isPacked ? packedBody(encoding) : undefined)
  })
  app.setValidatorCompiler(compiler)
  app.setSerializerCompiler(() => (answer) => JSON.stringify(answer))
}

/** A small packed body may become an endless one. */
function packedBody(encoding: string) {
  return apiError(
    'UNSUPPORTED_MEDIA_TYPE',
    `Content-Encoding ${encoding} is not taken; send the body unpacked`,
  )
}
