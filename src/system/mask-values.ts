// Masks known values wherever they stand in a text, in time that depends on the text and on how many lengths the values
// have, not on how many they are: a request may come with thousands, and all alike.

const MASK = '•'

/** Steps that all texts of one masker may cost together: some tenths of a second. */
const MAX_STEPS = 20_000_000

/** As long as before, with the same line breaks and indentation. */
export function maskWhole(text: string): string {
  return text.replace(/^([ \t]+)|[^\r\n]/gm, (_found, indentation?: string) => indentation ?? MASK)
}

/** A text for which there are no steps left is masked as a whole. Of two values in one place the longer one counts. */
export function createValueMasker(values: readonly string[]): (text: string) => string {
  const byLength = Map.groupBy(new Set(values), (value) => value.length)
  const finders = [...byLength]
    .sort(([a], [b]) => b - a)
    .map(([length, alike]) => createFinder(length, alike))
  let left = MAX_STEPS
  return (text) => {
    const useful = finders.filter(({ length }) => length <= text.length)
    left -= useful.length * text.length
    if (left < 0) return maskWhole(text)
    return useful.reduce((masked, { find }) => maskAt(masked, find(masked)), text)
  }
}

/** A power of two. */
const HINTS = 1 << 16

type Range = readonly [start: number, end: number]

function maskAt(text: string, ranges: readonly Range[]): string {
  let masked = ''
  let done = 0
  for (const [start, end] of ranges) {
    masked += text.slice(done, start) + maskWhole(text.slice(start, end))
    done = end
  }
  return masked + text.slice(done)
}

/** Finds values of one length by a rolling hash (Rabin and Karp); those found do not overlap. */
function createFinder(length: number, values: readonly string[]) {
  const known = Map.groupBy(values, hashOf)
  // Most places are ruled out by some bits of the hash, which is quicker than to ask the map.
  const some = new Uint8Array(HINTS)
  for (const hash of known.keys()) some[hash & (HINTS - 1)] = 1
  const find = (text: string): Range[] => {
    const ranges: Range[] = []
    const roll = createRoll(text, length)
    for (let start = 0, free = 0; start + length <= text.length; start += 1) {
      const hash = roll(start)
      if (some[hash & (HINTS - 1)] === 0 || start < free) continue
      if (!known.get(hash)?.some((value) => text.startsWith(value, start))) continue
      free = start + length
      ranges.push([start, free])
    }
    return ranges
  }
  return { length, find }
}

const BASE = 0x01000193

function hashOf(text: string): number {
  let hash = 0
  for (let at = 0; at < text.length; at += 1) hash = (Math.imul(hash, BASE) + text.charCodeAt(at)) | 0
  return hash
}

/** The hash of the window that starts there; to be asked for each start in turn, from 0. */
function createRoll(text: string, length: number): (start: number) => number {
  let leaving = 1
  for (let at = 1; at < length; at += 1) leaving = Math.imul(leaving, BASE)
  let hash = hashOf(text.slice(0, length))
  return (start) => {
    if (start === 0) return hash
    const rest = hash - Math.imul(text.charCodeAt(start - 1), leaving)
    hash = (Math.imul(rest, BASE) + text.charCodeAt(start + length - 1)) | 0
    return hash
  }
}
