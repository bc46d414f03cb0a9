// The log of one container, over its runs and over broken connections, without a line told twice.
import type { SystemIdentity } from '../../../system/spec.ts'
import { codes, hasCode } from './api-error.ts'
import type { Client } from './client.ts'
import { kindOf, pathOf } from './kinds.ts'
import { parseLogLines, type TimedLine } from './log-lines.ts'
import type { LogSource } from './log-sources.ts'

/** `since`: nanoseconds since the epoch. */
export type LogRequest = { tail: number | null; since: bigint | null; follow: boolean }

export type ReadLog = (
  source: LogSource,
  request: LogRequest,
  signal: AbortSignal,
) => Promise<AsyncGenerator<TimedLine>>

/** Throws TychoError: `FORBIDDEN`, `OBJECT_NOT_FOUND` of a pod that is gone, UnavailableError. */
export function createReadLog(client: Client, { namespace }: SystemIdentity): ReadLog {
  const kind = kindOf('v1', 'Pod')
  if (!kind) throw new Error('the engine does not know pods')
  return async ({ pod, container }, { tail, since, follow }, signal) => {
    const query = {
      container,
      timestamps: 'true',
      ...(follow && { follow: 'true' }),
      ...(tail !== null && { tailLines: `${tail}` }),
      ...(since !== null && { sinceTime: toSecond(since) }),
    }
    const path = `${pathOf(kind, namespace, pod)}/log`
    const context = { subject: `the log of Pod/${pod}`, namespace }
    const bytes = await client.bytes({ method: 'GET', path, query, accept: '*/*', context }, signal)
    return parseLogLines(bytes)
  }
}

/** The API takes whole seconds; what was earlier in that second comes too, and is left out by its time. */
function toSecond(at: bigint): string {
  const ms = Number(at / 1_000_000_000n) * 1_000
  return new Date(ms).toISOString().replace('.000Z', 'Z')
}

/** What of a log has been told, so that reading it again from then on tells what is new. */
export type Mark = { at: bigint; count: number } | null

/** Leaves out what was told before, and what is older than was asked for. */
export async function* newLines(
  lines: AsyncIterable<TimedLine>,
  since: bigint | null,
  before: Mark,
): AsyncGenerator<TimedLine & { mark: NonNullable<Mark> }> {
  let mark = before
  let again = 0
  for await (const line of lines) {
    if (since !== null && line.at < since) continue
    if (before && line.at < before.at) continue
    if (before && line.at === before.at) {
      again += 1
      if (again <= before.count) continue
    }
    mark = { at: line.at, count: mark?.at === line.at ? mark.count + 1 : 1 }
    yield { ...line, mark }
  }
}

/** Of a container that is no more, or has never begun: there is nothing to be read. */
export function isGoneLog(error: unknown): boolean {
  return hasCode(error, codes.notFound) || hasCode(error, codes.invalid)
}
