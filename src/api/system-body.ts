// The request for a start or an update, in either of its two forms, as a Submission.
import type { FastifyRequest } from 'fastify'
import { type Callback, PLAIN_ORIGIN } from '../jobs/origin.ts'
import type { Problem } from '../problem.ts'
import { toLifetime } from '../system/system.ts'
import type { Tenant } from '../tenants/tenant.ts'
import { apiError } from './api-error.ts'
import type { Submission } from './check-submission.ts'
import type { ApiContext } from './context.ts'
import { literal } from './literal.ts'
import type { SystemRequest, SystemRequestQuery } from './schemas/system-request.ts'
import { isLong } from './turns.ts'

/** `pathName` is the name in the URL of a PUT. Throws INVALID_REQUEST, NAME_MISMATCH. */
export function toSubmission(
  context: ApiContext,
  request: FastifyRequest,
  tenant: Tenant,
  query: SystemRequestQuery,
  pathName: string | null,
): Submission {
  const asked = typeof request.body === 'string' ? ofQuery(request.body, query) : ofJson(request.body, query)
  if (pathName !== null && asked.name !== undefined && asked.name !== pathName) {
    throw apiError('NAME_MISMATCH', `The body names system ${asked.name}, the URL ${pathName}`)
  }
  const name = pathName ?? asked.name ?? null
  return {
    tenant,
    name,
    compose: asked.compose ?? shortForm(asked, name),
    env: asked.env ?? {},
    files: asked.files ?? {},
    profiles: asked.profiles ?? null,
    exposure: asked.exposure ?? context.exposure,
    settings: asked.services,
    labels: asked.labels ?? {},
    principal: null,
    lifetime: toLifetime(asked.ttlSeconds === undefined ? null : asked.ttlSeconds * 1000, Date.now()),
    timeoutMs: asked.timeoutSeconds === undefined ? context.timeoutMs : asked.timeoutSeconds * 1000,
    maxAttempts: asked.retries === undefined ? context.maxAttempts : asked.retries + 1,
    keepOnFailure: asked.keepOnFailure ?? false,
    rollback: asked.rollback ?? false,
    origin: {
      ...PLAIN_ORIGIN,
      priority: asked.priority ?? PLAIN_ORIGIN.priority,
      callback: callbackOf(asked),
    },
    isLong: isLong(request),
    remarks: [],
  }
}

/** Where it may go is checked when the request is accepted. */
function callbackOf({ callbackUrl: url, callbackEvents: events }: SystemRequest): Callback | null {
  if (url !== undefined) return { url, events: events ?? null }
  if (events === undefined) return null
  throw invalidRequest([fieldProblem('callbackEvents', 'callbackEvents says nothing without callbackUrl')])
}

/** The schema of the route has checked the body. */
function ofJson(body: unknown, query: SystemRequestQuery): SystemRequest {
  const { wait: _wait, ...rest } = query
  const misplaced = Object.keys(rest)
  if (misplaced.length > 0) {
    throw invalidRequest(
      misplaced.map((name) => fieldProblem(name, `${name} belongs into the JSON body, not the query`)),
    )
  }
  if (typeof body !== 'object' || body === null)
    throw invalidRequest([fieldProblem('', 'The body is missing')])
  const asked = body as SystemRequest
  const problems = formProblems(asked)
  if (problems.length > 0) throw invalidRequest(problems)
  return asked
}

function ofQuery(compose: string, query: SystemRequestQuery): SystemRequest {
  const { wait: _wait, env, labels, ...rest } = query
  return { ...rest, compose, env: toMap(env), labels: toMap(labels) }
}

function toMap(pairs: string[] | undefined): Record<string, string> {
  return Object.fromEntries(
    (pairs ?? []).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  )
}

/** Either the one form or the other. */
function formProblems(asked: SystemRequest): Problem[] {
  if (asked.compose !== undefined) {
    const short = (['image', 'ports', 'command'] as const).filter((name) => asked[name] !== undefined)
    return short.map((name) =>
      fieldProblem(name, `${name} is of the short form and can't stand beside compose`),
    )
  }
  if (asked.image === undefined)
    return [fieldProblem('compose', 'The body lacks compose, or image for the short form')]
  const ofCompose = (['env', 'files', 'profiles'] as const).filter((name) => asked[name] !== undefined)
  return ofCompose.map((name) =>
    fieldProblem(name, `${name} belongs to a Compose file; the short form has none`),
  )
}

/** One container; its service is called as the system. It is no Compose file: a `$` in it is one. */
function shortForm(asked: SystemRequest, name: string | null): Record<string, unknown> {
  if (name === null) throw invalidRequest([fieldProblem('name', 'The short form lacks name')])
  const { image, ports, command } = asked
  const service = {
    image: literal(image ?? ''),
    ...(ports && { ports }),
    ...(command !== undefined && {
      command: Array.isArray(command) ? command.map(literal) : literal(command),
    }),
  }
  return { services: { [name]: service } }
}

function fieldProblem(path: string, message: string): Problem {
  return { code: 'INVALID_FIELD', severity: 'error', path, message }
}

function invalidRequest(problems: Problem[]) {
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''
  return apiError('INVALID_REQUEST', `${problems[0]?.message}${more}`, { problems })
}
