/** How the stand-in writes: nothing is read of an answer but its status, because it must cost far less than what it serves. */
import { Pool } from 'undici'
import { type Access, ApiError, type Method } from '../cluster/api.ts'

/** `connections`: so many writes are under way at once; over HTTP/2 they share one connection. */
export type SenderOptions = { connections: number; http2?: boolean }

export type Sender = AsyncDisposable & {
  /** Sends JSON (a PATCH as a merge patch); throws ApiError for anything but 2xx. */
  send(method: Method, path: string, body: object): Promise<void>
}

export function createSender(access: Access, { connections, http2 = false }: SenderOptions): Sender {
  const { server, tls, token } = access
  const pool = new Pool(server, {
    connect: tls,
    allowH2: http2,
    connections: http2 ? 1 : connections,
    ...(http2 && { maxConcurrentStreams: connections }),
    headersTimeout: 60_000,
    bodyTimeout: 60_000,
  })
  const base = { accept: 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  const plain = { ...base, 'content-type': 'application/json' }
  const patch = { ...base, 'content-type': 'application/merge-patch+json' }
  return {
    async send(method, path, body) {
      const headers = method === 'PATCH' ? patch : plain
      const answer = await pool.request({ method, path, headers, body: JSON.stringify(body) })
      if (answer.statusCode >= 300) {
        const text = await answer.body.text()
        throw new ApiError(answer.statusCode, `${method} ${path}: ${answer.statusCode} ${text}`)
      }
      await answer.body.dump({ limit: 1024 * 1024 })
    },
    [Symbol.asyncDispose]: () => pool.destroy(),
  }
}
