// The values of Kompose's labels: each reads a text, or answers undefined for one that it can't be.
import { isQuantity } from './volume-settings.ts'

export type Read<T> = (text: string) => T | undefined

export const text: Read<string> = (given) => given.trim() || undefined

export const quantity: Read<string> = (given) => (isQuantity(given) ? given : undefined)

export const port: Read<number> = (given) => within(given, 1, 65535)

export const count: Read<number> = (given) => within(given, 1, 1000)

export const percent: Read<number> = (given) => within(given, 1, 100)

export const id: Read<number> = (given) => within(given, 0, 2 ** 31 - 1)

/** As Go has them. */
export const bool: Read<boolean> = (given) => {
  if (/^(?:1|t|true)$/i.test(given)) return true
  return /^(?:0|f|false)$/i.test(given) ? false : undefined
}

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }

/** Milliseconds of `1m30s`. */
export const duration: Read<number> = (given) => {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(given)) return undefined
  const parts = [...given.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)]
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS_MS[unit ?? ''] ?? 0), 0)
}

/** An argument list in JSON, or words, as Kompose reads a command. */
export const words: Read<string[]> = (given) => {
  if (!given.trim().startsWith('[')) return text(given)?.split(/\s+/)
  try {
    const list: unknown = JSON.parse(given)
    return Array.isArray(list) && list.every((word) => typeof word === 'string') ? list : undefined
  } catch {
    return undefined
  }
}

/** One of some words, in any case. */
export function oneOf<T>(all: Readonly<Record<string, T>>): Read<T> {
  return (given) => (Object.hasOwn(all, given.toLowerCase()) ? all[given.toLowerCase()] : undefined)
}

export function like(pattern: RegExp): Read<string> {
  return (given) => (pattern.test(given) ? given : undefined)
}

function within(given: string, from: number, to: number): number | undefined {
  if (!/^\d{1,10}$/.test(given)) return undefined
  const value = Number(given)
  return value >= from && value <= to ? value : undefined
}
