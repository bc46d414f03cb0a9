import { describe, expect, it } from 'vitest'
import { parseJsonLines } from '../../src/orchestrators/shared/json-lines.ts'

async function parse(chunks: Uint8Array[]): Promise<unknown[]> {
  async function* stream() {
    yield* chunks
  }
  return Array.fromAsync(parseJsonLines(stream()))
}

describe('the reader of JSON lines', () => {
  const bytes = Buffer.from('{"a":"Grüße 🎻"}\n{"b":2}\n\n{"c":[1,\t2]}\n')

  it('reads the same whatever the size of the chunks, also within a character', async () => {
    for (let size = 1; size <= bytes.length; size += 1) {
      const chunks: Uint8Array[] = []
      for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size))
      expect(await parse(chunks)).toEqual([{ a: 'Grüße 🎻' }, { b: 2 }, { c: [1, 2] }])
    }
  })

  it('does not tell a line whose end never came', async () => {
    expect(await parse([Buffer.from('{"a":1}\n{"b":')])).toEqual([{ a: 1 }])
  })

  it('throws on a line that is not JSON', async () => {
    await expect(parse([Buffer.from('<html>\n')])).rejects.toThrow(SyntaxError)
  })
})
