// What is written on a real socket, byte by byte, and what comes back until the other side closes it.
import { once } from 'node:events'
import { connect } from 'node:net'

/** Answers all that came; the server must close the connection, or the test ends by its own limit. */
export async function exchange(url: string, parts: readonly (string | Buffer)[]): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  // A server that refuses while it is still being written to may reset the connection.
  socket.on('error', () => {})
  await once(socket, 'connect')
  for (const part of parts) socket.write(part)
  await new Promise<void>((resolve) => socket.once('close', () => resolve()))
  return Buffer.concat(chunks).toString()
}

/** The status of the first answer, and its `code`. */
export function refusalIn(text: string): { status: number; code: string | undefined } {
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1])
  return { status, code: /"code":"([A-Z_]+)"/.exec(text)?.[1] }
}
