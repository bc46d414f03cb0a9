// A container whose log can be read, wherever it runs.
import type { TimedLine } from './log-lines.ts'

/**
 * `owner`: what it goes with. `run`: which of its runs in a row it is. `isOver`: it has ended and is not begun again as it
 * is. `createdAt`: of two, the greater is the newer.
 */
export type LogSource = {
  key: string
  owner: string
  service: string
  copy: string
  createdAt: string
  run: string
  isOver: boolean
}

/** `since`: nanoseconds since the epoch. */
export type LogRequest = { tail: number | null; since: bigint | null; follow: boolean }

export type ReadLog<Source> = (
  source: Source,
  request: LogRequest,
  signal: AbortSignal,
) => Promise<AsyncGenerator<TimedLine>>

/** The newest so many containers are read: each takes a connection. */
export const sourcesAtOnce = 100

export function newest<Source extends LogSource>(sources: readonly Source[]): Source[] {
  return sources.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt)).slice(0, sourcesAtOnce)
}
