/** Answers DNS questions over UDP and TCP (RFC 1035) from a lookup function. */
import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'
import { AUTHORITATIVE_ANSWER, decode, encode, type Packet, streamEncode } from 'dns-packet'

/** Addresses of a name; undefined where it does not exist. */
export type Lookup = (name: string) => string[] | undefined

/** Short, because pods come and go. */
const TTL_SECONDS = 2
const NXDOMAIN = 3

/**
 * The answer to one query. A name that exists has no AAAA record but is no NXDOMAIN either: resolvers that ask for
 * both (musl, busybox) would otherwise take the name for missing.
 */
export function toAnswer(query: Packet, lookup: Lookup): Packet {
  const question = query.questions?.[0]
  const addresses = question && lookup(question.name)
  return {
    type: 'response',
    id: query.id,
    // The low four bits of the flags are the response code.
    flags: AUTHORITATIVE_ANSWER | ((query.flags ?? 0) & 0x0100) | (addresses ? 0 : NXDOMAIN),
    questions: query.questions,
    answers:
      question?.type === 'A' && addresses
        ? addresses.map((data) => ({ type: 'A', name: question.name, ttl: TTL_SECONDS, data }))
        : [],
  }
}

export type DnsServer = { port: number } & AsyncDisposable

/** Listens on the same port with both transports; port 0 takes a free one. */
export async function startDnsServer(lookup: Lookup, address: string, port: number): Promise<DnsServer> {
  const tcp = createServer((socket) => {
    let received = Buffer.alloc(0)
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      // RFC 1035 4.2.2: over TCP two bytes with the length precede each message.
      while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
        const end = 2 + received.readUInt16BE(0)
        const query = tryDecode(received.subarray(2, end))
        received = received.subarray(end)
        if (query) socket.write(streamEncode(toAnswer(query, lookup)))
      }
    })
  })
  await new Promise<void>((resolve, reject) => tcp.once('error', reject).listen(port, address, resolve))
  const bound = tcp.address()
  const chosen = bound && typeof bound === 'object' ? bound.port : port
  const udp = createSocket('udp4', (message, from) => {
    const query = tryDecode(message)
    if (query) udp.send(encode(toAnswer(query, lookup)), from.port, from.address)
  })
  await new Promise<void>((resolve, reject) => udp.once('error', reject).bind(chosen, address, resolve))
  return {
    port: chosen,
    async [Symbol.asyncDispose]() {
      udp.close()
      await new Promise((resolve) => tcp.close(resolve))
    },
  }
}

/** Noise on the port is no reason to stop. */
function tryDecode(message: Buffer): Packet | undefined {
  try {
    return decode(message)
  } catch {
    return undefined
  }
}
