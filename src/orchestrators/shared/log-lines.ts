// The bytes of a container's log as lines, each with its time. Pure.

/** `at`: when it was said, in nanoseconds since the epoch. */
export type TimedLine = { at: bigint; text: string }

const newline = 0x0a

/** What is longer is cut there: a program that never ends its line must not fill the memory. */
export const longestLineBytes = 64 * 1024

/**
 * A log that was asked for with its times (`2026-01-01T00:00:00.5Z text`). Lines are cut at the byte level, so a
 * character that is split between two chunks stays whole. A last line without its end is told too: nothing follows it.
 */
export async function* parseLogLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TimedLine> {
  let parts: Buffer[] = []
  let kept = 0
  const keep = (part: Buffer) => {
    const fits = part.subarray(0, Math.max(0, longestLineBytes - kept))
    if (fits.length > 0) parts.push(fits)
    kept += fits.length
  }
  const take = () => {
    const line = toTimedLine(Buffer.concat(parts).toString('utf8'))
    parts = []
    kept = 0
    return line
  }
  for await (const bytes of chunks) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let from = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      keep(chunk.subarray(from, end))
      from = end + 1
      const line = take()
      if (line) yield line
    }
    keep(chunk.subarray(from))
  }
  const last = kept > 0 ? take() : null
  if (last) yield last
}

const TIMED = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[-+]\d\d:\d\d) ?/

/** Null for what has no time: the kubelet's own words about a log that it can't read. */
function toTimedLine(line: string): TimedLine | null {
  const [whole, seconds, fraction = '', zone] = TIMED.exec(line) ?? []
  if (whole === undefined) return null
  const ms = Date.parse(`${seconds}${zone}`)
  if (Number.isNaN(ms)) return null
  const text = line.slice(whole.length)
  return {
    at: BigInt(ms) * 1_000_000n + BigInt(fraction.padEnd(9, '0')),
    text: text.endsWith('\r') ? text.slice(0, -1) : text,
  }
}
