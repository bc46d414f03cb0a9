// Names of systems and of the things in them: what is allowed, and how other names become that.
import { createHash, randomInt } from 'node:crypto'
import type { Problem } from '../problem.ts'

/** Short enough that `<system>-<service>` has room for a service in a label of 63 characters. */
export const SYSTEM_NAME_MAX = 40

/** RFC 1035, 2.3.1: a label's limit. */
export const LABEL_MAX = 63

/** Whether a text may be a system's name: an RFC 1035 label of at most 40 characters. */
export function isSystemName(text: string): boolean {
  return text.length <= SYSTEM_NAME_MAX && /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/.test(text)
}

/** What is wrong with the `name` of a request; nothing for a good one. */
export function checkSystemName(text: string): Problem[] {
  if (isSystemName(text)) return []
  const near = toSystemName(text)
  const suggestion = near === null ? '' : `, for example \`${near}\``
  const message =
    `A system's name has at most ${SYSTEM_NAME_MAX} characters, lower-case letters, digits and \`-\`, ` +
    `and begins with a letter: choose another${suggestion}.`
  return [{ code: 'INVALID_NAME', severity: 'error', path: 'name', message }]
}

/** Compose's normal form of a project name (specification, "Name top-level element"); may be empty. */
export function normaliseProjectName(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^-_a-z0-9]/g, '')
    .replace(/^[-_]+/, '')
}

/** The system's name that a project name or any other text stands for; null where nothing of it can be kept. */
export function toSystemName(text: string): string | null {
  const label = toDnsLabel(text)
  if (label === '') return null
  return cutLabel(/^[a-z]/.test(label) ? label : `s-${label}`, SYSTEM_NAME_MAX)
}

/**
 * The normal form of a name in DNS (RFC 1123 label, without its limit): lower case, `-` for every character
 * that may not stand in a label, none at the ends. May be empty.
 */
export function toDnsLabel(text: string): string {
  const label = text.toLowerCase().replace(/[^a-z0-9-]/g, '-')
  return trimDashes(label)
}

/** At most `max` characters: what is longer ends in a hash of the whole, so that different names stay different. */
export function cutLabel(label: string, max: number): string {
  if (label.length <= max) return label
  const hash = createHash('sha256').update(label).digest('hex').slice(0, 8)
  return `${trimDashes(label.slice(0, max - hash.length - 1))}-${hash}`
}

/** The service's host name: a DNS label (RFC 1123), cut with a hash; empty when nothing usable is in the name. */
export function toHostname(service: string): string {
  return cutLabel(toDnsLabel(service), LABEL_MAX)
}

/**
 * The name that what runs a service has: `<system>-<service>`, or `<system>` where the service is called as the system.
 * Cut to `max`: an orchestrator may append to it.
 */
export function toServiceName(system: string, service: string, max: number): string {
  const host = toHostname(service)
  return cutLabel(host === system ? system : `${system}-${host}`, max)
}

/** Consonants and digits, so that no word comes out by accident. */
const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'

/** A name for a system whose request and file give none, such as `system-x7k2m9qd`. `pick(n)` is a random number below n. */
export function generateSystemName(pick: (below: number) => number = randomInt): string {
  return `system-${randomLetters(8, pick)}`
}

/** A name that is taken, with a short suffix that makes it another one. */
export function toFreshName(name: string, pick: (below: number) => number = randomInt): string {
  const suffix = randomLetters(5, pick)
  return `${trimDashes(name.slice(0, SYSTEM_NAME_MAX - suffix.length - 1))}-${suffix}`
}

function randomLetters(count: number, pick: (below: number) => number): string {
  return Array.from({ length: count }, () => ALPHABET[pick(ALPHABET.length)]).join('')
}

function trimDashes(text: string): string {
  let start = 0
  let end = text.length
  while (text[start] === '-') start += 1
  while (end > start && text[end - 1] === '-') end -= 1
  return text.slice(start, end)
}
