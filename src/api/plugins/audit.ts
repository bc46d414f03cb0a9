// Who did what: one line of the log for each write that was accepted, or refused because of who asked.
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { actionOf, nounOf } from '../audit-action.ts'
import { wantedScope } from './authentication.ts'

/** What a write is about (`system`, `job`, `batch`, …: its name or id), and the code of a refusal. */
type Noted = { on: Record<string, string>; code: string | null }

declare module 'fastify' {
  interface FastifyRequest {
    noted: Noted | null
  }
}

/** After authentication, in the same scope. */
export function addAudit(scope: FastifyInstance, log: FastifyBaseLogger): void {
  scope.decorateRequest('noted', null)
  scope.addHook('preSerialization', (request, _reply, payload, done) => {
    if (isWrite(request)) request.noted = note(request, payload)
    done()
  })
  scope.addHook('onResponse', (request, reply, done) => {
    if (isWrite(request) && isTold(reply)) tell(log, request, reply)
    done()
  })
}

function isWrite(request: FastifyRequest): boolean {
  const { method, is404 } = request
  return !is404 && method !== 'GET' && method !== 'HEAD' && wantedScope(request) !== 'read'
}

/** What was wrong with the request itself is its sender's affair. */
function isTold({ statusCode }: FastifyReply): boolean {
  return statusCode < 400 || statusCode === 401 || statusCode === 403
}

function tell(log: FastifyBaseLogger, request: FastifyRequest, { statusCode }: FastifyReply): void {
  const action = actionOf(request.method, request.routeOptions.url ?? '')
  const outcome = statusCode < 400 ? 'accepted' : 'refused'
  const { on = toSubject(request, undefined), code = null } = request.noted ?? {}
  log.info(
    {
      audit: true,
      request: request.id,
      caller: request.tenant?.caller ?? null,
      tenant: request.tenant?.name ?? null,
      address: request.ip,
      action,
      on,
      outcome,
      status: statusCode,
      ...(code !== null && { code }),
    },
    `${action} ${outcome}`,
  )
}

function note(request: FastifyRequest, payload: unknown): Noted {
  const body = toFields(payload)
  const envelope = toFields(body.result)
  return { on: toSubject(request, body), code: textOf(body.code) ?? textOf(envelope.code) }
}

/** By the parameters of the route, and by what is answered: a job, or what was made. */
function toSubject(
  request: FastifyRequest,
  body: Record<string, unknown> | undefined,
): Record<string, string> {
  const noun = nounOf(actionOf(request.method, request.routeOptions.url ?? ''))
  const { name, id } = toFields(request.params)
  const system = toFields(body?.system)
  const envelope = toFields(body?.result)
  const made = textOf(body?.id)
  const known = {
    [noun]: textOf(name) ?? textOf(id) ?? (noun === 'system' ? textOf(envelope.name) : made),
    ...(textOf(system.name) !== null && { system: textOf(system.name), job: made }),
  }
  return Object.fromEntries(
    Object.entries(known).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

function toFields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
