/** Cuts what a Redis client sends into its commands (RESP: arrays of bulk strings). */

export type RedisCommand = {
  /** Name and arguments, the name in upper case. */
  words: string[]
  /** As it was sent. */
  raw: Buffer
}

/** Takes chunks as they come, and answers the commands that are whole by then. */
export function createCommandReader(): (chunk: Buffer) => RedisCommand[] {
  let rest: Buffer = Buffer.alloc(0)
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    const commands: RedisCommand[] = []
    for (let read = readCommand(rest); read; read = readCommand(rest)) {
      commands.push(read)
      rest = rest.subarray(read.raw.length)
    }
    return commands
  }
}

/** The first command of the data; undefined while it is not whole. */
function readCommand(data: Buffer): RedisCommand | undefined {
  const head = readCount(data, 0, '*')
  if (!head) return undefined
  const words: string[] = []
  let at = head.end
  for (let i = 0; i < head.count; i++) {
    const bulk = readCount(data, at, '$')
    if (!bulk || data.length < bulk.end + bulk.count + 2) return undefined
    words.push(data.toString('utf8', bulk.end, bulk.end + bulk.count))
    at = bulk.end + bulk.count + 2
  }
  return { words: [(words[0] ?? '').toUpperCase(), ...words.slice(1)], raw: data.subarray(0, at) }
}

function readCount(data: Buffer, at: number, sign: string): { count: number; end: number } | undefined {
  const end = data.indexOf('\r\n', at)
  if (end < 0) return undefined
  const line = data.toString('utf8', at, end)
  if (line[0] !== sign) throw new Error(`a Redis client sent ${JSON.stringify(line)} instead of ${sign}`)
  return { count: Number(line.slice(1)), end: end + 2 }
}
