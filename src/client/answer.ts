// One request to the API, and its answer or the error that it means.
import type { HttpProblem } from '../api/schemas/http-problem.ts'
import { NotTychoError, RefusedError, UnreachableError } from './errors.ts'

export type Request = {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  body?: unknown
  headers?: Record<string, string>
  /** Bearer token; null or left out: none is sent. */
  token?: string | null
  signal?: AbortSignal | undefined
}

/** `body` is undefined where there is none (304). */
export type Answer = { status: number; headers: Headers; body: unknown }

/** Throws UnreachableError, NotTychoError or RefusedError; the signal's own reason when it aborts. */
export async function ask(server: string, request: Request): Promise<Answer> {
  const response = await send(server, request)
  const { status, headers } = response
  if (status === 304 || status === 204) return { status, headers, body: undefined }
  const body = await readJson(server, response, request.signal)
  if (response.ok) return { status, headers, body }
  throw refusalOf(server, response, body)
}

/** The text of an answer that is no JSON, a part at a time as it comes. Throws as `ask` does, also when it breaks off. */
export async function* askText(server: string, request: Request): AsyncGenerator<string> {
  const { signal } = request
  const response = await send(server, request)
  if (!response.ok) throw refusalOf(server, response, await readJson(server, response, signal))
  const decoder = new TextDecoder()
  try {
    for await (const chunk of response.body ?? []) yield decoder.decode(chunk, { stream: true })
  } catch (error) {
    signal?.throwIfAborted()
    throw broken(server, error)
  }
  yield decoder.decode()
}

async function send(server: string, request: Request): Promise<Response> {
  const { method, body, headers, token, signal } = request
  try {
    return await fetch(`${server}${request.path}`, {
      method,
      redirect: 'error',
      headers: {
        accept: 'application/json',
        ...(body !== undefined && jsonContent),
        ...(token && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    })
  } catch (error) {
    signal?.throwIfAborted()
    throw new UnreachableError(`Can't reach a server at ${server} (${reasonOf(error)})`, { cause: error })
  }
}

const jsonContent = { 'content-type': 'application/json' }

function broken(server: string, error: unknown): UnreachableError {
  return new UnreachableError(`The connection to ${server} broke (${reasonOf(error)})`, { cause: error })
}

/** `fetch failed` says nothing; its causes do. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0])
  return error.cause === undefined ? error.message : reasonOf(error.cause)
}

async function readJson(server: string, response: Response, signal?: AbortSignal): Promise<unknown> {
  let text: string
  try {
    text = await response.text()
  } catch (error) {
    signal?.throwIfAborted()
    throw broken(server, error)
  }
  try {
    return JSON.parse(text)
  } catch {
    throw notTycho(server, response.status)
  }
}

function refusalOf(server: string, response: Response, body: unknown): Error {
  if (!isHttpProblem(body)) return notTycho(server, response.status)
  const retryAfter = response.headers.get('retry-after')
  return new RefusedError({ ...body, ...(retryAfter && { retryAfterSeconds: Number(retryAfter) }) })
}

function isHttpProblem(body: unknown): body is HttpProblem {
  return typeof body === 'object' && body !== null && 'code' in body && 'problems' in body
}

/** Port 5000 is also AirPlay's on a Mac, which answers everything with 403. */
function notTycho(server: string, status: number): NotTychoError {
  return new NotTychoError(`What answers at ${server} (status ${status}) is not a Tycho server`)
}
