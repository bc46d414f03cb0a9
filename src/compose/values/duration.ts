// Durations of the Compose specification: `1m30s`, with Go's units and days and weeks.

const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
}
const PART = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h|d|w)/g
const WHOLE = /^\+?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h|d|w))+$/

/** Milliseconds, fractions rounded up; null for what is no duration. `0` needs no unit. */
export function parseDurationMs(text: string): number | null {
  if (text === '0') return 0
  if (text.length > 100 || !WHOLE.test(text)) return null
  let sum = 0
  for (const [, amount, unit] of text.matchAll(PART)) sum += Number(amount) * (UNIT_MS[unit ?? ''] ?? 0)
  const rounded = Math.ceil(Number(sum.toFixed(6)))
  return Number.isSafeInteger(rounded) ? rounded : null
}
