// What several containers have said until now, in the order of time.
import { setMaxListeners } from 'node:events'
import type { LogLine } from '../orchestrator.ts'
import type { LogSource, ReadLog } from './log-source.ts'
import { mergeByTime } from './merge-lines.ts'
import { newLines } from './new-lines.ts'

/** `isGone`: of an error, that there is nothing to be read any more. */
export type ReadingOnce<Source> = { read: ReadLog<Source>; isGone: (error: unknown) => boolean }

/** Who may not read one may read none. */
export async function mustBeReadable<Source>(
  reading: ReadingOnce<Source>,
  source: Source | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (!source) return
  const lines = await opened(reading, source, { tail: 0, since: null }, signal)
  await lines?.return(undefined)
}

export async function readOnce<Source extends LogSource>(
  { read, isGone }: ReadingOnce<Source>,
  sources: readonly Source[],
  { tail, since }: { tail: number | null; since: bigint | null },
  signal: AbortSignal,
): Promise<AsyncIterable<LogLine>> {
  const ending = new AbortController()
  const all = AbortSignal.any([signal, ending.signal])
  setMaxListeners(0, all)
  try {
    const open = sources.map(async (source) => {
      const lines = await opened({ read, isGone }, source, { tail, since }, all)
      return lines ? [told(source, newLines(lines, since, null))] : []
    })
    return mergeByTime((await Promise.all(open)).flat())
  } catch (error) {
    ending.abort()
    throw error
  }
}

/** Null for a container that is gone by now. */
async function opened<Source>(
  { read, isGone }: ReadingOnce<Source>,
  source: Source,
  { tail, since }: { tail: number | null; since: bigint | null },
  signal: AbortSignal,
) {
  try {
    return await read(source, { tail, since, follow: false }, signal)
  } catch (error) {
    if (isGone(error)) return null
    throw error
  }
}

async function* told(
  { service, copy }: LogSource,
  lines: AsyncIterable<{ at: bigint; text: string }>,
): AsyncGenerator<LogLine & { at: bigint }> {
  for await (const { at, text } of lines) yield { at, service, copy, text }
}
