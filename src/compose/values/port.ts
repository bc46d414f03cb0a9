// Ports and their ranges: `80`, `8000-8010`, `53/udp`, `[::1]:8080:80`.
import { isIP } from 'node:net'
import type { Protocol } from '../../system/spec.ts'

export type PortRange = { from: number; to: number }

/** Why a text gives no ports: the code and the end of a sentence. */
export type PortComplaint = { code: 'INVALID_PORT' | 'PORT_OUT_OF_RANGE'; reason: string }

export type Parsed<T> = { ok: true; value: T } | { ok: false; complaint: PortComplaint }

/** `N` or `N-M`, each from `least` to 65535. */
export function parseRange(text: string, least = 1): Parsed<PortRange> {
  const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(text)
  if (!match) return invalid('a port is a number, or two with a dash between them')
  const from = Number(match[1])
  const to = match[2] === undefined ? from : Number(match[2])
  if (to > 65535 || from < least) {
    return { ok: false, complaint: { code: 'PORT_OUT_OF_RANGE', reason: `ports go from ${least} to 65535` } }
  }
  return to < from ? invalid('the range ends before it begins') : { ok: true, value: { from, to } }
}

export function parseProtocol(text: string): Parsed<Protocol> {
  const protocol = text.toLowerCase()
  if (protocol === 'tcp' || protocol === 'udp' || protocol === 'sctp') return { ok: true, value: protocol }
  return invalid('the protocol must be tcp, udp or sctp')
}

/** The short form of one entry of `ports`. `published` null: any port. Port 0 means any, too. */
export type ShortPort = {
  target: PortRange
  published: PortRange | null
  hostIp: string | null
  protocol: Protocol
}

/** Specification, "ports", short syntax: `[[ip:]published:]target[/protocol]`, each port maybe a range. */
export function parseShortPort(text: string): Parsed<ShortPort> {
  const slash = text.indexOf('/')
  const protocol = slash === -1 ? parseProtocol('tcp') : parseProtocol(text.slice(slash + 1))
  const parts = (slash === -1 ? text : text.slice(0, slash)).split(':')
  const target = parseRange(parts.at(-1) ?? '')
  const published = parsePublished(parts.at(-2) ?? '')
  const hostIp = parseHostIp(parts.slice(0, -2).join(':'))
  if (!protocol.ok) return protocol
  if (!target.ok) return target
  if (!published.ok) return published
  if (!hostIp.ok) return hostIp
  const port = {
    target: target.value,
    published: published.value,
    hostIp: hostIp.value,
    protocol: protocol.value,
  }
  return fits(port) ? { ok: true, value: port } : invalid('the two ranges differ in length')
}

/** A published port or range; empty and `0` mean any. */
export function parsePublished(text: string): Parsed<PortRange | null> {
  return text === '' || text === '0' ? { ok: true, value: null } : parseRange(text)
}

export function parseHostIp(text: string): Parsed<string | null> {
  const address = /^\[(.*)\]$/.exec(text)?.[1] ?? text
  if (address === '') return { ok: true, value: null }
  return isIP(address) === 0 ? invalid('the host address is no IP address') : { ok: true, value: address }
}

/** A range of targets needs as many published ports; one target may have a range to choose from. */
function fits({ target, published }: ShortPort): boolean {
  if (published === null || target.from === target.to) return true
  return published.to - published.from === target.to - target.from
}

function invalid(reason: string): { ok: false; complaint: PortComplaint } {
  return { ok: false, complaint: { code: 'INVALID_PORT', reason } }
}
