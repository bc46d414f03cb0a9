// What a schema found, as Problems: one per field, in words.
import type { FastifySchemaValidationError } from 'fastify'
import type { Problem, TychoError } from '../problem.ts'
import { apiError } from './api-error.ts'

/** 400 with every wrong field. */
export function validationError(errors: readonly SchemaError[], part: string): TychoError {
  const problems = toProblems(errors, part)
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''
  const detail = `${problems[0]?.message ?? 'The request does not match its schema'}${more}`
  return apiError('INVALID_REQUEST', detail, { problems })
}

type SchemaError = FastifySchemaValidationError

function toProblems(errors: readonly SchemaError[], part: string): Problem[] {
  // These are told by other errors: the unknown keys as a whole, the wrong names of keys one by one.
  const told = errors.filter((error) => error.keyword !== 'boolean' && error.keyword !== 'propertyNames')
  const problems = told
    .filter((error, at) => !isTold(error, at, told))
    .flatMap((error) => {
      if (error.keyword === 'additionalProperties') return unknownFields(error, part)
      return [invalid(toPath(error.instancePath), part, sentenceOf(error, told))]
    })
  return problems.length > 0 ? problems : [invalid('', part, 'does not match its schema')]
}

/** Of a union that matches in no form, either what is wrong in one of its forms is told, or which forms there are. */
function isTold(error: SchemaError, at: number, all: readonly SchemaError[]): boolean {
  const { instancePath } = error
  if (!all.some((one) => one.keyword === 'anyOf' && one.instancePath === instancePath)) return false
  if (!isOfForm(error)) return false
  const first = all.findIndex((one) => one.keyword === 'anyOf' && one.instancePath === instancePath)
  return at !== first || all.some((one) => isWithin(one, instancePath) && !isOfForm(one, instancePath))
}

/** Whether an error says no more than that the value has not this form; `path`: the one of the union. */
function isOfForm(error: SchemaError, path = error.instancePath): boolean {
  return error.instancePath === path && ['anyOf', 'type', 'const'].includes(error.keyword)
}

function isWithin({ instancePath }: SchemaError, parent: string): boolean {
  return instancePath === parent || instancePath.startsWith(`${parent}/`)
}

function unknownFields(error: SchemaError, part: string): Problem[] {
  const names = [error.params.additionalProperties ?? []].flat().map(String)
  return names.map((name) => {
    const path = toPath(`${error.instancePath}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    return {
      code: 'UNKNOWN_FIELD',
      severity: 'error',
      path,
      message: `There is no field ${path} in ${placeOf(part)}`,
    }
  })
}

function invalid(path: string, part: string, sentence: string): Problem {
  const subject = path === '' ? capitalised(placeOf(part)) : path
  return { code: 'INVALID_FIELD', severity: 'error', path, message: `${subject} ${sentence}` }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function placeOf(part: string): string {
  return { body: 'the body', querystring: 'the query', params: 'the path' }[part] ?? 'the request'
}

function sentenceOf(error: SchemaError, all: readonly SchemaError[]): string {
  if (error.keyword === 'required')
    return `lacks ${[error.params.requiredProperties ?? []].flat().join(', ')}`
  if (error.schemaPath.endsWith('/propertyNames')) return 'is no key that can stand there'
  if (error.keyword === 'anyOf') return alternativesOf(error, all)
  return error.message ?? 'is wrong'
}

function alternativesOf(error: SchemaError, all: readonly SchemaError[]): string {
  const here = all.filter((one) => one.instancePath === error.instancePath)
  const values = here.flatMap((one) => (one.keyword === 'const' ? [String(one.params.allowedValue)] : []))
  if (values.length > 0) return `must be ${values.join(', ')}`
  const types = here.flatMap((one) =>
    one.keyword === 'type' ? [one.params.type ?? []].flat().map(String) : [],
  )
  return types.length > 0 ? `must be ${[...new Set(types)].join(' or ')}` : 'has no form that is known'
}

/** `/containers/0/image` as `containers[0].image`. */
function toPath(pointer: string): string {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  return keys.reduce((path, key) => {
    if (/^\d+$/.test(key)) return `${path}[${key}]`
    return path === '' ? key : `${path}.${key}`
  }, '')
}
