// The `Idempotency-Key` of a request: its syntax, its scope, and what counts as the same request.
import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { RequestKey, RequestKeys } from '../store/request-keys.ts'
import { apiError } from './api-error.ts'
import { jsonText } from './json-text.ts'
import { tenantOf } from './plugins/authentication.ts'

const maxLength = 255

/** Null: the request has none. Throws INVALID_REQUEST (400) where it has one that is no key. */
export function requestKeyOf(requestKeys: RequestKeys, request: FastifyRequest): RequestKey | null {
  const header = request.headers['idempotency-key']
  if (header === undefined) return null
  const key = parseKey(String(header))
  if (key === null) throw malformed()
  const { url = '' } = request.routeOptions
  const name = requestKeys.nameOf(tenantOf(request).name, url, JSON.stringify(request.params ?? {}), key)
  return { name, fingerprint: fingerprintOf(request) }
}

/** A string of RFC 9651, 3.3.3, or the same without its quotes; both are the same key. */
function parseKey(header: string): string | null {
  const quoted = /^"((?:[ !#-[\]-~]|\\["\\])*)"$/.exec(header.trim())?.[1]
  const key = quoted?.replace(/\\(.)/g, '$1') ?? /^[!#-~]*$/.exec(header.trim())?.[0] ?? ''
  return key.length > 0 && key.length <= maxLength ? key : null
}

function malformed() {
  const message = `Idempotency-Key must be 1 to ${maxLength} visible ASCII characters without quotes, or a string of those in quotes`
  const problem = { code: 'INVALID_FIELD', severity: 'error', path: 'Idempotency-Key', message } as const
  return apiError('INVALID_REQUEST', message, { problems: [problem] })
}

/** `wait` says how to answer, not what to do: whoever asks again may be more or less patient. */
function fingerprintOf({ query, body }: FastifyRequest): string {
  const { wait: _wait, ...asked } = (query ?? {}) as Record<string, unknown>
  return createHash('sha256')
    .update(jsonText([asked, body]) ?? '')
    .digest('hex')
}
