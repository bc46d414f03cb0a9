// Values that a schema of the document allows.
import * as fc from 'fast-check'
import type { Schema } from '../../kit/contract/document.ts'
import { wordsFor } from './words.ts'

type Any = fc.Arbitrary<unknown>
export type Schemas = Readonly<Record<string, Schema>>

const plainText = fc.string({ maxLength: 12 })

/** `name`: of the property or parameter, for which there may be words that mean something. */
export function valuesOf(schema: Schema, schemas: Schemas, name = ''): Any {
  const known = wordsFor(name)
  const any = ofSchema(schema, schemas)
  return known ? fc.oneof({ weight: 9, arbitrary: known }, { weight: 1, arbitrary: any }) : any
}

function ofSchema(schema: Schema, schemas: Schemas): Any {
  if (typeof schema.$ref === 'string') {
    return ofSchema(schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {}, schemas)
  }
  if ('const' in schema) return fc.constant(schema.const)
  if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum)
  const forms = schema.anyOf ?? schema.oneOf
  if (Array.isArray(forms)) return fc.oneof(...forms.map((form) => ofSchema(form as Schema, schemas)))
  const types = [schema.type ?? []].flat() as string[]
  if (types.length === 0) return fc.jsonValue({ maxDepth: 2 })
  return fc.oneof(...types.map((type) => ofType(type, schema, schemas)))
}

function ofType(type: string, schema: Schema, schemas: Schemas): Any {
  switch (type) {
    case 'string':
      return textOf(schema)
    case 'integer':
      return fc.integer(boundsOf(schema))
    case 'number':
      return fc.oneof(fc.integer(boundsOf(schema)), fc.double({ ...boundsOf(schema), noNaN: true }))
    case 'boolean':
      return fc.boolean()
    case 'array':
      return arrayOf(schema, schemas)
    case 'object':
      return objectOf(schema, schemas)
    default:
      return fc.constant(null)
  }
}

function textOf({ pattern, minLength = 0, maxLength = 100 }: Schema): fc.Arbitrary<string> {
  if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern), { size: 'small' })
  const [min, max] = [Number(minLength), Number(maxLength)]
  return fc.string({ minLength: min, maxLength: Math.min(max, min + 12), unit: 'grapheme' })
}

function boundsOf({ minimum = -1000, maximum = 100_000 }: Schema): { min: number; max: number } {
  return { min: Number(minimum), max: Math.min(Number(maximum), 2 ** 31 - 1) }
}

function arrayOf({ items = {}, minItems = 0, maxItems = 3, uniqueItems }: Schema, schemas: Schemas): Any {
  const min = Number(minItems)
  const size = { minLength: min, maxLength: Math.max(min, Math.min(Number(maxItems), 3)) }
  const item = valuesOf(items as Schema, schemas)
  return uniqueItems === true
    ? fc.uniqueArray(item, { ...size, selector: (one) => JSON.stringify(one) })
    : fc.array(item, size)
}

function objectOf(schema: Schema, schemas: Schemas): Any {
  const { properties, additionalProperties, required = [] } = schema
  if (properties) {
    const rows = Object.entries(properties as Schemas).map(
      ([name, inner]) => [name, valuesOf(inner, schemas, name)] as const,
    )
    // Mostly few of them: of many, two that do not go together are soon among them.
    const all = fc.record(Object.fromEntries(rows), { requiredKeys: required as string[] })
    const most = rows.length > 6 ? 1 : 4
    const dice = fc.array(fc.nat(9), { minLength: rows.length, maxLength: rows.length })
    return fc.tuple(all, dice).map(([value, thrown]) => {
      const kept = rows.filter(
        ([name], at) =>
          (required as string[]).includes(name) || (thrown[at] ?? 0) < most || name === 'compose',
      )
      return Object.fromEntries(kept.flatMap(([name]) => (name in value ? [[name, value[name]]] : [])))
    })
  }
  const names = schema.propertyNames as Schema | undefined
  const key = names ? textOf(names) : fc.oneof(plainText, fc.constantFrom('web', 'A', 'TAG'))
  return fc.dictionary(key, valuesOf((additionalProperties ?? {}) as Schema, schemas), { maxKeys: 3 })
}
