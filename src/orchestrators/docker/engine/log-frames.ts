// The log of a container as whole lines: an engine sends what stdout and stderr say in frames, of which a long line takes
// several. https://docs.docker.com/reference/api/engine/version/v1.41/#operation/ContainerAttach

const headerBytes = 8
const newline = 0x0a

/** With which the engine begins every frame, also one that goes on with a line. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[-+]\d\d:\d\d) /

/** Bytes of whole lines, in the order in which they ended; of a line that goes on in another frame the first time counts. */
export async function* joinFrames(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  /** Stream -> the line that has begun. */
  const started = new Map<number, Buffer[]>()
  for await (const { stream, payload } of framesOf(chunks)) {
    const before = started.get(stream)
    const text = before ? withoutTime(payload) : payload
    const end = text.lastIndexOf(newline)
    if (end === -1) {
      started.set(stream, [...(before ?? []), text])
      continue
    }
    yield Buffer.concat([...(before ?? []), text.subarray(0, end + 1)])
    if (end + 1 < text.length) started.set(stream, [text.subarray(end + 1)])
    else started.delete(stream)
  }
  for (const parts of started.values()) yield Buffer.concat([...parts, Buffer.from('\n')])
}

function withoutTime(payload: Buffer): Buffer {
  const time = TIME.exec(payload.subarray(0, 64).toString('latin1'))
  return time ? payload.subarray(time[0].length) : payload
}

type Frame = { stream: number; payload: Buffer }

async function* framesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Frame> {
  let rest = Buffer.alloc(0)
  for await (const bytes of chunks) {
    rest = Buffer.concat([rest, bytes])
    while (rest.length >= headerBytes) {
      const end = headerBytes + rest.readUInt32BE(4)
      if (rest.length < end) break
      yield { stream: rest[0] ?? 0, payload: rest.subarray(headerBytes, end) }
      rest = rest.subarray(end)
    }
  }
}
