// The floor: the same objects written and deleted by a bare client, which knows beforehand what to write and remembers
// nothing.
import { Pool } from 'undici'
import type { Access } from '../../kit/cluster/api.ts'
import type { Pair } from './pattern.ts'

/** `inFlight` requests at a time, over as many connections or over one. */
export type Manner = { protocol: 'HTTP/1.1' | 'HTTP/2'; inFlight: number }

export const manners: readonly Manner[] = [
  { protocol: 'HTTP/1.1', inFlight: 16 },
  { protocol: 'HTTP/1.1', inFlight: 32 },
  { protocol: 'HTTP/1.1', inFlight: 64 },
  { protocol: 'HTTP/2', inFlight: 64 },
]

export const usual: Manner = { protocol: 'HTTP/1.1', inFlight: 32 }

export const toText = ({ protocol, inFlight }: Manner): string =>
  protocol === 'HTTP/2' ? `HTTP/2, ${inFlight} streams` : `HTTP/1.1, ${inFlight} connections`

export type Writer = AsyncDisposable & {
  /** Opens its connections, so that their handshakes are not measured. */
  connect(): Promise<void>
  /** Each pair one after the other, as the second needs the uid of the first. */
  write(pairs: readonly Pair[]): Promise<void>
  remove(pairs: readonly Pair[]): Promise<void>
}

export function openWriter(access: Access, manner: Manner): Writer {
  const pool = openPool(access, manner)
  const headers = { accept: 'application/json', 'content-type': 'application/json', 'user-agent': 'floor' }
  const send = async (method: 'POST' | 'DELETE', path: string, body: string): Promise<string> => {
    const answer = await pool.request({ method, path, headers, body })
    const text = await answer.body.text()
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`)
    return text
  }
  const writePair = async (pair: Pair) => {
    const made = await send('POST', `${deploymentsOf(pair)}?fieldManager=tycho`, pair.deployment)
    await send('POST', `${servicesOf(pair)}?fieldManager=tycho`, pair.serviceOwnedBy(uidIn(made)))
  }
  const removePair = async (pair: Pair) => {
    const options = JSON.stringify({ propagationPolicy: 'Background' })
    const nameOf = (body: string) => (JSON.parse(body) as { metadata: { name: string } }).metadata.name
    // The owner last: with it the other would be collected.
    await send('DELETE', `${servicesOf(pair)}/${nameOf(pair.service)}`, options)
    await send('DELETE', `${deploymentsOf(pair)}/${nameOf(pair.deployment)}`, options)
  }
  const inTurn = (pairs: readonly Pair[], act: (pair: Pair) => Promise<void>) =>
    eachOf(pairs, manner.inFlight, act)
  return {
    async connect() {
      const greet = async () => {
        const answer = await pool.request({ method: 'GET', path: '/version' })
        await answer.body.dump()
      }
      await Promise.all(Array.from({ length: manner.inFlight }, greet))
    },
    write: (pairs) => inTurn(pairs, writePair),
    remove: (pairs) => inTurn(pairs, removePair),
    [Symbol.asyncDispose]: () => pool.destroy(),
  }
}

function openPool({ server, tls, token }: Access, { protocol, inFlight }: Manner): Pool {
  if (token) throw new Error('the bench needs a kubeconfig with a certificate')
  const isShared = protocol === 'HTTP/2'
  return new Pool(server, {
    connect: tls,
    allowH2: isShared,
    connections: isShared ? 1 : inFlight,
    ...(isShared && { maxConcurrentStreams: inFlight }),
  })
}

/** So many at the same time. */
export async function eachOf<T>(
  list: readonly T[],
  atOnce: number,
  act: (one: T) => Promise<void>,
): Promise<void> {
  const rest = list[Symbol.iterator]()
  const lane = async () => {
    for (const one of rest) await act(one)
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
}

/** The answer is not read for more than that. */
const uidIn = (text: string): string => /"uid":"([^"]+)"/.exec(text)?.[1] ?? ''

const deploymentsOf = ({ namespace }: Pair) => `/apis/apps/v1/namespaces/${namespace}/deployments`
const servicesOf = ({ namespace }: Pair) => `/api/v1/namespaces/${namespace}/services`
