// What is no HTTP request that could be answered by a route: it is refused on its socket, which then closes.
import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import type { ConnectionError } from 'fastify'
import { type ErrorCode, errorCodes } from '../error-codes.ts'
import type { HttpProblem } from '../schemas/http-problem.ts'

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  414: 'URI Too Long',
  431: 'Request Header Fields Too Large',
}

/** Of a socket that is gone, or on which an answer has begun, nothing can be said any more. */
export function answerClientError(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable || socket.bytesWritten > 0) {
    socket.destroy(error)
    return
  }
  const code = codeOf(error)
  const { status, about } = errorCodes[code]
  const problem: HttpProblem = {
    type: `urn:tycho:error:${code}`,
    title: about,
    status,
    detail: about,
    instance: '',
    code,
    requestId: randomUUID(),
    problems: [],
  }
  const body = JSON.stringify(problem)
  const head = [
    `HTTP/1.1 ${status} ${reasons[status]}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${problem.requestId}`,
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

function codeOf({ code, rawPacket }: ConnectionError): ErrorCode {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'REQUEST_TIMEOUT'
  if (code !== 'HPE_HEADER_OVERFLOW') return 'MALFORMED_REQUEST'
  // The limit is of the request line and the headers together: which of them it was, the first line tells.
  const packet: unknown = rawPacket
  return Buffer.isBuffer(packet) && !packet.includes('\r\n') ? 'URL_TOO_LONG' : 'HEADERS_TOO_LARGE'
}
