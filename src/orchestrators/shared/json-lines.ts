// Reads a stream of JSON lines, as a watch sends them.

const newline = 0x0a

/**
 * Parses each line of a byte stream. Lines are cut at the byte level, so a character that is split between two
 * chunks stays whole; a last line without a newline is not told, because the rest of it never came.
 * Throws SyntaxError on a line that is not JSON.
 */
export async function* parseJsonLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  let started: Buffer[] = []
  for await (const bytes of chunks) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let from = 0
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      const line = Buffer.concat([...started, chunk.subarray(from, end)]).toString('utf8')
      started = []
      from = end + 1
      if (line.trim() !== '') yield JSON.parse(line)
    }
    if (from < chunk.length) started.push(chunk.subarray(from))
  }
}
