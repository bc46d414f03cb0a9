// What a schema found, as Problems: one per field, in words.
import type { FastifySchemaValidationError } from 'fastify'
import type { Problem, TychoError } from '../problem.ts'
import { apiError } from './api-error.ts'

/** 400 with every wrong field; 422 where all that is wrong are fields of `later`, which this version does not know yet. */
export function validationError(
  errors: readonly FastifySchemaValidationError[],
  part: string,
  later: readonly string[],
): TychoError {
  const problems = toProblems(errors, part, later)
  const unsupported = problems.every((problem) => problem.code === 'NOT_SUPPORTED_YET')
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''
  const detail = `${problems[0]?.message ?? 'The request does not match its schema'}${more}`
  return apiError(unsupported ? 'NOT_SUPPORTED_YET' : 'INVALID_REQUEST', detail, { problems })
}

function toProblems(
  errors: readonly FastifySchemaValidationError[],
  part: string,
  later: readonly string[],
): Problem[] {
  const alternatives = new Set(errors.filter(isAlternatives).map((error) => error.instancePath))
  const problems = errors.flatMap((error): Problem[] => {
    // What another error says already: unknown keys one by one, all keys that are wrong at once, members of a union.
    if (error.keyword === 'boolean' || error.keyword === 'propertyNames') return []
    const ofUnion = [...alternatives].some((path) => isWithin(error.instancePath, path))
    if (ofUnion && !isAlternatives(error)) return []
    if (error.keyword === 'additionalProperties') return unknownFields(error, part, later)
    return [invalid(toPath(error.instancePath), part, sentenceOf(error, errors))]
  })
  return problems.length > 0 ? problems : [invalid('', part, 'does not match its schema')]
}

const isAlternatives = (error: FastifySchemaValidationError) => error.keyword === 'anyOf'

function isWithin(path: string, parent: string): boolean {
  return path === parent || path.startsWith(`${parent}/`)
}

function unknownFields(
  error: FastifySchemaValidationError,
  part: string,
  later: readonly string[],
): Problem[] {
  const names = [error.params.additionalProperties ?? []].flat().map(String)
  return names.map((name) => {
    const path = toPath(`${error.instancePath}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    if (error.instancePath === '' && later.includes(name)) return notSupportedYet(path)
    return {
      code: 'UNKNOWN_FIELD',
      severity: 'error',
      path,
      message: `There is no field ${path} in ${placeOf(part)}`,
    }
  })
}

/** A field of the contract that a later version brings. */
export function notSupportedYet(path: string, severity: Problem['severity'] = 'error'): Problem {
  return { code: 'NOT_SUPPORTED_YET', severity, path, message: `${path} is not supported yet` }
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

function sentenceOf(
  error: FastifySchemaValidationError,
  all: readonly FastifySchemaValidationError[],
): string {
  if (error.keyword === 'required')
    return `lacks ${[error.params.requiredProperties ?? []].flat().join(', ')}`
  if (error.schemaPath.endsWith('/propertyNames')) return 'is no key that can stand there'
  if (error.keyword === 'anyOf') return alternativesOf(error, all)
  return error.message ?? 'is wrong'
}

function alternativesOf(
  error: FastifySchemaValidationError,
  all: readonly FastifySchemaValidationError[],
): string {
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
