// Logs of a system, line by line; followed over breaks of the connection and restarts of the server.
import { type Connection, toQuery } from './connection.ts'
import { RefusedError, UnreachableError } from './errors.ts'
import { linesOf } from './lines.ts'
import { pause } from './pause.ts'
import { createRetoldLines } from './retold-lines.ts'
import type { LogsQuery, System } from './shapes.ts'
import { systemPath } from './systems.ts'

export type FollowOptions = {
  signal?: AbortSignal
  /** Once for each break, in words. */
  onBreak?(reason: string): void
}

/** How long a server may be away while its logs are followed: a restart, or a failover. */
const absenceMs = 60_000
const retryMs = 1_000

/** So much before the last line it is asked again: the server's second is not ours. */
const overlapMs = 2_000

export function logRequests(connection: Connection) {
  const lines = (name: string, query: LogsQuery, signal?: AbortSignal) =>
    linesOf(
      connection.text({
        method: 'GET',
        path: `${systemPath(name)}/logs${toQuery(query)}`,
        headers: { accept: 'text/plain, application/problem+json' },
        signal,
      }),
    )
  return {
    /** What the containers of a system have said; each line begins with `service/copy | ` where several can speak. */
    logs: lines,

    /** The same, and what they say from now on, until the system has run to its end or is removed. */
    followLogs: (name: string, query: Omit<LogsQuery, 'follow'>, options: FollowOptions = {}) =>
      follow(connection, lines, { name, query, options }),
  }
}

type Lines = (name: string, query: LogsQuery, signal?: AbortSignal) => AsyncGenerator<string>

type Followed = { name: string; query: Omit<LogsQuery, 'follow'>; options: FollowOptions }

async function* follow(
  connection: Connection,
  lines: Lines,
  { name, query, options }: Followed,
): AsyncGenerator<string> {
  const { signal, onBreak } = options
  // A server that is not there at all is told at once, and so is a system.
  await connection.ask({ method: 'GET', path: systemPath(name), signal })
  const retold = createRetoldLines()
  let heardAt = Date.now()
  let asked: LogsQuery = { ...query, follow: true }
  for (let awaySince: number | null = null; ; ) {
    try {
      for await (const line of lines(name, asked, signal)) {
        awaySince = null
        if (retold.isRetold(line)) continue
        heardAt = Date.now()
        retold.told(line, heardAt)
        yield line
      }
      if (await hasEnded(connection, name)) return
      onBreak?.('The server has ended the log')
    } catch (error) {
      const now = Date.now()
      if (!isAbsence(error) || now - (awaySince ?? now) > absenceMs) throw error
      if (awaySince === null) onBreak?.(error.message)
      awaySince ??= now
    }
    await pause(retryMs, signal)
    const from = heardAt - overlapMs
    retold.resume(from)
    asked = again(query, Date.now() - from)
  }
}

/** How long ago says the same on both clocks. */
function again({ service }: LogsQuery, agoMs: number): LogsQuery {
  return { ...(service !== undefined && { service }), since: `${Math.ceil(agoMs / 1000)}`, follow: true }
}

/** A log that ends as it should was that of a system which is through, or that of a server which is closing. */
async function hasEnded({ ask }: Connection, name: string): Promise<boolean> {
  try {
    const { phase } = (await ask({ method: 'GET', path: systemPath(name) })).body as System
    return phase === 'completed' || phase === 'stopped' || phase === 'failed'
  } catch (error) {
    if (error instanceof RefusedError && error.refusal.status === 404) return true
    throw error
  }
}

function isAbsence(error: unknown): error is Error {
  return error instanceof UnreachableError || (error instanceof RefusedError && error.refusal.status === 503)
}
