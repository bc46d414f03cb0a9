// How Docker's Compose writes durations, sizes and permission bits.
import type { Node } from '../node.ts'
import { parseBytes } from '../values/bytes.ts'
import { parseDurationMs } from '../values/duration.ts'
import { parseMode } from '../values/mode.ts'
import { escapeDollars } from './escape-dollars.ts'

/** Go's `time.Duration.String`: `1h0m0s`, `1m30s`, `1.5s`, `500ms`. */
export function durationText(ms: number): string {
  if (ms < 1000) return ms === 0 ? '0s' : `${ms}ms`
  const seconds = `${(ms % 60_000) / 1000}s`
  const minutes = Math.floor(ms / 60_000) % 60
  const hours = Math.floor(ms / 3_600_000)
  if (hours > 0) return `${hours}h${minutes}m${seconds}`
  return minutes > 0 ? `${minutes}m${seconds}` : seconds
}

export function printDuration(node: Node): unknown {
  if (node.kind !== 'scalar' || node.value === null) return undefined
  const ms = parseDurationMs(node.text)
  return ms === null ? node.text : durationText(ms)
}

/** Bytes as text, since JSON's readers may not hold such numbers. */
export function printBytes(node: Node): unknown {
  if (node.kind !== 'scalar' || node.value === null) return undefined
  return String(parseBytes(node.text) ?? node.text)
}

/** Permission bits as a number: `0440` is 288. */
export function printMode(node: Node): unknown {
  if (node.kind !== 'scalar' || node.value === null) return undefined
  if (typeof node.value === 'number') return node.value
  return parseMode(node.text) ?? node.text
}

export function printNumber(node: Node): unknown {
  if (node.kind !== 'scalar' || node.value === null) return undefined
  const number = Number(node.text)
  return Number.isNaN(number) ? node.text : number
}

/** `all` devices are -1 of them. */
export function printCount(node: Node): unknown {
  return node.kind === 'scalar' && node.text === 'all' ? -1 : printNumber(node)
}

/** A value that is read as it is, or says something by being false. */
export function printAsIs(node: Node): unknown {
  switch (node.kind) {
    case 'scalar':
      return typeof node.value === 'string' ? escapeDollars(node.value) : node.value
    case 'list':
      return node.items.map(printAsIs)
    case 'map':
      return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, printAsIs(value)]))
    default:
      return node satisfies never
  }
}

export function printPullPolicy(node: Node): unknown {
  if (node.kind !== 'scalar' || node.value === null) return undefined
  return node.text === 'if_not_present' ? 'missing' : node.text
}
