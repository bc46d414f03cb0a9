// Who may read the metrics: everybody who reaches the port, as with the probes, unless the operator has set a token.
import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether the header has the token; compared so that the time taken tells nothing of it. */
export function mayRead(token: string | null, authorization: string | undefined): boolean {
  if (token === null) return true
  const [, given] = /^bearer +(\S+) *$/i.exec(authorization ?? '') ?? []
  return given !== undefined && timingSafeEqual(digest(given), digest(token))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
