// Byte sizes of the Compose specification: `512m`, `1.5g`, always 1024-based.

const SIZE = /^(\d+(?:\.\d+)?)\s*(?:([kmgtp])i?b?|b)?$/i
const POWERS = 'kmgtp'

/** Bytes, rounded down; null for what is no size. */
export function parseBytes(text: string): number | null {
  const match = text.length > 100 ? null : SIZE.exec(text)
  if (!match) return null
  const power = match[2] ? POWERS.indexOf(match[2].toLowerCase()) + 1 : 0
  const bytes = Math.floor(Number(match[1]) * 1024 ** power)
  return Number.isSafeInteger(bytes) ? bytes : null
}
