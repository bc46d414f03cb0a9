// The one way to a Docker engine: requests with a limit of time, and errors that say what to do.
import type { Readable } from 'node:stream'
import { inspect } from 'node:util'
import Docker from 'dockerode'
import { untilAborted } from '../../shared/until-aborted.ts'
import { type Address, type AddressOptions, findAddress } from './address.ts'
import { negotiate } from './api-version.ts'
import { toEngineError } from './engine-error.ts'

export type Request = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD'
  /** Without the version, and without a query. */
  path: string
  /** A list is said word by word, under one name. */
  query?: Record<string, string | number | boolean | readonly string[]>
  body?: Record<string, unknown>
  /** A tar archive instead of a body. */
  archive?: Buffer
  /** What it is asked for, as it stands in an error (`container web-1`). */
  what: string
  /** How long the engine may take to begin its answer, in milliseconds; left out: 30 s. */
  limitMs?: number
}

export type EngineClient = {
  /** The answer as plain data. Throws TychoError. */
  json: <T = unknown>(request: Request, signal: AbortSignal) => Promise<T>
  /** The answer as it comes; aborting ends it with an error. */
  stream: (request: Request, signal: AbortSignal) => Promise<Readable>
  /** Where the engine is, by its address or name; throws where it can't be told. */
  address: () => Promise<Pick<Address, 'text' | 'hostName'>>
  apiVersion: (signal: AbortSignal) => Promise<string>
  close: () => void
}

type Connection = { address: Address; docker: Docker; apiVersion: string }

const limitMs = 30_000

/** Opens no connection before the first request; an engine that is away, or another one later, is found by itself. */
export function createClient(options: AddressOptions): EngineClient {
  let connecting: Promise<Connection> | undefined

  /** All wait for one; a failure is nobody's later. */
  function connection(signal: AbortSignal): Promise<Connection> {
    if (!connecting) {
      const next = connect(options)
      connecting = next
      next.catch(() => {
        if (connecting === next) connecting = undefined
      })
    }
    return untilAborted(connecting, signal)
  }

  async function send<T>(request: Request, isStream: boolean, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted()
    const { address, docker, apiVersion } = await connection(signal)
    const limit = new AbortController()
    const timer = setTimeout(
      () => limit.abort(new DOMException('it took too long', 'TimeoutError')),
      request.limitMs ?? limitMs,
    )
    const until = AbortSignal.any([signal, limit.signal])
    try {
      return await untilAborted(dial<T>(docker, request, { apiVersion, isStream, until }), until)
    } catch (error) {
      signal.throwIfAborted()
      const told = toEngineError(
        limit.signal.aborted ? limit.signal.reason : error,
        address.text,
        request.what,
      )
      // Another engine, or another version of it, may come up there.
      if (told.code.startsWith('ENGINE_')) connecting = undefined
      throw told
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    json: (request, signal) => send(request, false, signal),
    stream: (request, signal) => send(request, true, signal),
    address: () => findAddress(options),
    apiVersion: async (signal) => (await connection(signal)).apiVersion,
    close() {
      void connecting?.then(
        ({ address }) => address.options.agent?.destroy(),
        () => {},
      )
      connecting = undefined
    },
  }
}

async function connect(options: AddressOptions): Promise<Connection> {
  const address = await findAddress(options)
  if (address.options.agent) leftOut(address.options.agent)
  const docker = new Docker(address.options)
  const until = AbortSignal.timeout(10_000)
  try {
    const request: Request = { method: 'GET', path: '/version', what: 'its version' }
    const version = await dial<{ ApiVersion?: string; MinAPIVersion?: string }>(docker, request, {
      apiVersion: null,
      isStream: false,
      until,
    })
    return { address, docker, apiVersion: negotiate(version) }
  } catch (error) {
    throw toEngineError(until.aborted ? until.reason : error, address.text, 'its version')
  }
}

/** 304 is what a start or a stop answers that has nothing to do. */
const successes = { 200: true, 201: true, 202: true, 204: true, 304: true }

function dial<T>(
  docker: Docker,
  { method, path, query = {}, body = {}, archive }: Request,
  { apiVersion, isStream, until }: { apiVersion: string | null; isStream: boolean; until: AbortSignal },
): Promise<T> {
  const texts = Object.entries(query).map(([key, value]) => [key, Array.isArray(value) ? value : `${value}`])
  const options = {
    method,
    path: `${apiVersion === null ? '' : `/v${apiVersion}`}${path}?`,
    options: { _query: Object.fromEntries(texts), _body: body },
    ...(archive && { file: archive }),
    abortSignal: leftOut(until),
    isStream,
    statusCodes: successes,
  }
  return new Promise((resolve, reject) => {
    docker.modem.dial(options, (error: unknown, answer: unknown) =>
      error ? reject(error) : resolve(answer as T),
    )
  })
}

/**
 * The client library makes a text of every request for its own debugging, whether anybody reads it or not. An agent with
 * all its sockets, or a signal with all that it ends, would take many times longer than the request itself.
 */
function leftOut<T extends object>(part: T): T {
  return Object.defineProperty(part, inspect.custom, { value: () => '(left out)', configurable: true })
}
