// What is new of a log that is read again, after its connection broke.
import type { TimedLine } from './log-lines.ts'

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
