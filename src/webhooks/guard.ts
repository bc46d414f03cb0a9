// Where a webhook may go: to public addresses, and to those that the operator allows. A caller that chooses a URL must
// not be able to reach what only Tycho's own network can (server-side request forgery).
//
// Three looks: at the URL; at each address that its name has, when it is given and whenever a connection is opened; and
// at the address that the socket has come to. The last two are the connector's (send.ts).
import { lookup as dnsLookup } from 'node:dns/promises'
import ipaddr from 'ipaddr.js'
import { TychoError } from '../problem.ts'

/** Every address of a host name; rejects where there is none, as `dns.lookup` does. */
export type Resolve = (hostname: string) => Promise<string[]>

export type GuardOptions = {
  /** CIDRs that may be called although they are not public. */
  allow: readonly string[]
  httpsOnly: boolean
  resolve?: Resolve
}

/** Everything throws CALLBACK_NOT_ALLOWED (422), with the address and what the operator can set. */
export type Guard = {
  /** What can be told from the URL alone; answers it parsed. */
  checkUrl(url: string): URL
  /** The URL, and every address of its name as it is now. A name that can't be looked up at the moment passes. */
  check(url: string): Promise<void>
  /** The addresses of a URL's host (a literal is its own), all of them allowed. Rejects where none is known. */
  addressesOf(hostname: string): Promise<string[]>
  /** An address that `hostname` stands for, or that a socket has come to. */
  checkAddress(address: string, hostname: string): void
}

type Address = ReturnType<typeof ipaddr.process>

/** IANA's global unicast; what lies outside (IPv4-compatible addresses among it) is routed nowhere in public. */
const globalUnicast = ipaddr.parseCIDR('2000::/3')

/** Azure's metadata and DNS server stands on an address that looks public. */
const metadata: ReadonlySet<string> = new Set(['168.63.129.16'])

/** How long a look at a name may take before a request is answered. */
const lookupMs = 3_000

const systemResolve: Resolve = async (hostname) =>
  (await dnsLookup(hostname, { all: true, verbatim: true })).map(({ address }) => address)

export function createGuard({ allow, httpsOnly, resolve = systemResolve }: GuardOptions): Guard {
  const allowed = allow.map((cidr) => ipaddr.parseCIDR(cidr))

  const checkAddress: Guard['checkAddress'] = (address, hostname) => {
    const ip = ipaddr.process(address)
    if (allowed.some((cidr) => isIn(ip, cidr)) || isPublic(ip)) return
    const where = address === hostname ? address : `${hostname} is at ${address}, which`
    throw notAllowed(
      `${where} is ${describe(ip)}: webhooks go to public addresses only. The operator can allow others with TYCHO_WEBHOOK_ALLOW`,
      { address },
    )
  }

  const addressesOf: Guard['addressesOf'] = async (hostname) => {
    const literal = toLiteral(hostname)
    const addresses = literal === null ? await resolve(hostname) : [literal]
    if (addresses.length === 0) throw new Error(`no address is known for ${hostname}`)
    for (const address of addresses) checkAddress(address, literal ?? hostname)
    return addresses
  }

  const checkUrl: Guard['checkUrl'] = (text) => {
    const url = parse(text)
    if (url.protocol !== 'https:' && (httpsOnly || url.protocol !== 'http:')) {
      const hint = httpsOnly ? 'https alone (TYCHO_WEBHOOK_HTTPS_ONLY)' : 'http or https'
      throw notAllowed(`A webhook goes by ${hint}, not by ${url.protocol.slice(0, -1)}`)
    }
    if (url.username !== '' || url.password !== '')
      throw notAllowed(
        'The URL of a webhook carries no user and no password; its signature says who sends it',
      )
    const literal = toLiteral(url.hostname)
    if (literal !== null) checkAddress(literal, literal)
    return url
  }

  return {
    checkUrl,
    checkAddress,
    addressesOf,
    async check(text) {
      const { hostname } = checkUrl(text)
      const refusal = await Promise.race([
        addressesOf(hostname).then(() => null, toRefusal(hostname)),
        new Promise<null>((done) => setTimeout(done, lookupMs, null).unref()),
      ])
      if (refusal) throw refusal
    },
  }
}

/** A name that does not exist is a mistake; a name server that is away is not the caller's. */
const toRefusal = (hostname: string) => (error: unknown) => {
  if (error instanceof TychoError) return error
  const isUnknown = error instanceof Error && 'code' in error && error.code === 'ENOTFOUND'
  return isUnknown ? notAllowed(`There is no address of ${hostname}`) : null
}

/** By the URL standard (WHATWG), which also is what brings every notation of an IPv4 address to the usual one. */
function parse(text: string): URL {
  const url = URL.parse(text)
  if (url && url.hostname !== '') return url
  throw notAllowed('This is no URL that a webhook can be sent to; write https://host/path')
}

/** The address that a URL's host is, or null for a name. */
function toLiteral(hostname: string): string | null {
  const text = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
  return ipaddr.isValid(text) ? text : null
}

function isPublic(ip: Address): boolean {
  if (ip.range() !== 'unicast' || metadata.has(ip.toString())) return false
  return ip.kind() === 'ipv4' || isIn(ip, globalUnicast)
}

function isIn(ip: Address, cidr: ReturnType<typeof ipaddr.parseCIDR>): boolean {
  return ip.kind() === cidr[0].kind() && ip.match(cidr)
}

/** Such as `a loopback address`. */
function describe(ip: Address): string {
  const range = ip.range()
  if (range === 'unicast') return 'an address that is not public'
  const words = range.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  return `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words} address`
}

function notAllowed(message: string, details: Record<string, unknown> = {}): TychoError {
  return new TychoError('CALLBACK_NOT_ALLOWED', message, { status: 422, details })
}
