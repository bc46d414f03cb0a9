// Headers that follow from what a route is, said once for all routes.
import type { Header, Operation, Parameter, Response } from './document.ts'

const requestId: Parameter = {
  name: 'X-Request-Id',
  in: 'header',
  required: false,
  description: "The caller's own id of the request, for the logs of both sides; another form is replaced",
  schema: { type: 'string', pattern: '^[\\w.:-]{1,128}$' },
}

const answeredId: Header = {
  schema: { type: 'string' },
  required: true,
  description: 'The id of the request, as it stands in the log of the server',
}

const retryAfter: Header = {
  schema: { type: 'integer' },
  required: true,
  description: 'Seconds until the same request may succeed',
}

const authenticate: Header = {
  schema: { type: 'string', pattern: '^Bearer realm="tycho"' },
  required: true,
  description: 'How to authenticate, and what is wrong with the token (RFC 6750)',
}

const wantedScope: Header = {
  ...authenticate,
  required: false,
  description: 'Which scope the call needs, where that is what is missing (RFC 6750)',
}

/** Of calls on behalf of a tenant that may only make so many (draft-ietf-httpapi-ratelimit-headers). */
const rateLimits: Readonly<Record<string, Header>> = {
  'RateLimit-Policy': {
    schema: { type: 'string', pattern: '^"tenant";q=\\d+;w=\\d+$' },
    description: 'How many requests (q) the tenant may make in so many seconds (w), where that is limited',
  },
  RateLimit: {
    schema: { type: 'string', pattern: '^"tenant";r=\\d+;t=\\d+$' },
    description: 'How many are left (r), and in how many seconds there are all of them again (t)',
  },
}

/** What a header of a request adds to the answers. */
const answeredTo: Readonly<Record<string, [string, Header]>> = {
  'idempotency-key': [
    'Idempotent-Replayed',
    {
      schema: { type: 'string', const: 'true' },
      description: 'Where a request before this one, with the same key, made what is answered',
    },
  ],
  prefer: [
    'Preference-Applied',
    { schema: { type: 'string' }, description: 'The `Prefer` that was honoured, where there was one' },
  ],
}

/** Promised wherever they are declared, unless the route marks them with `x-sometimes`. */
const alwaysThere = new Set(['ETag', 'Location'])

const spelled: Readonly<Record<string, string>> = {
  prefer: 'Prefer',
  'if-none-match': 'If-None-Match',
  'idempotency-key': 'Idempotency-Key',
  'last-event-id': 'Last-Event-ID',
}

export function withHeaders(operation: Operation): Operation {
  const parameters = (operation.parameters ?? []).map(withSpelling)
  const asked = parameters.filter((one) => one.in === 'header').map(({ name }) => name.toLowerCase())
  const isGuarded = operation.security !== undefined
  const responses = Object.entries(operation.responses).map(
    ([status, response]) => [status, withAnswerHeaders(Number(status), response, asked, isGuarded)] as const,
  )
  return {
    ...operation,
    parameters: [...parameters, requestId],
    responses: Object.fromEntries(responses),
  }
}

function withSpelling(parameter: Parameter): Parameter {
  if (parameter.in !== 'header') return parameter
  return { ...parameter, name: spelled[parameter.name] ?? parameter.name }
}

function withAnswerHeaders(
  status: number,
  response: Response,
  asked: readonly string[],
  isGuarded: boolean,
): Response {
  const own = Object.entries(response.headers ?? {}).map(
    ([name, header]) => [name, withPromise(name, header)] as const,
  )
  const answered = asked.flatMap((name) => (answeredTo[name] ? [answeredTo[name]] : []))
  return {
    ...response,
    headers: {
      ...Object.fromEntries(answered),
      ...(isGuarded && rateLimits),
      ...(status === 401 && { 'WWW-Authenticate': authenticate }),
      ...(status === 403 && { 'WWW-Authenticate': wantedScope }),
      ...((status === 429 || status === 503) && { 'Retry-After': retryAfter }),
      ...Object.fromEntries(own),
      'X-Request-Id': answeredId,
    },
  }
}

function withPromise(name: string, header: Header): Header {
  const { 'x-sometimes': sometimes, ...schema } = header.schema
  const required = alwaysThere.has(name) && sometimes !== true
  return { ...header, schema, ...(required && { required }) }
}
