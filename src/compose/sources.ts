// Places in the files of a request: one number says file, line and column.
import type { Position } from '../problem.ts'

/** `lineStarts` is made when a place of the text is first asked for: most files have no problem to place. */
type Source = { name: string; base: number; text: string; lineStarts: number[] | null }

export type Sources = {
  /** Adds a text and returns the place of its first character; a place is that number plus an offset. */
  add(name: string, text: string): number
  /** undefined for a place in no text (-1). */
  positionOf(at: number): Position | undefined
  /** When a file was added, among others: the order in which files are told about. */
  rankOf(name: string | undefined): number
}

/** Starts with no text. Lines end with LF, CRLF or CR, as YAML 1.2 has it (chapter 5.4). */
export function createSources(): Sources {
  const sources: Source[] = []
  let next = 0
  return {
    add(name, text) {
      const base = next
      sources.push({ name, base, text, lineStarts: null })
      next += text.length + 1
      return base
    },
    rankOf: (name) => sources.findIndex((source) => source.name === name),
    positionOf(at) {
      const source = sources.findLast((candidate) => candidate.base <= at)
      if (!source) return undefined
      source.lineStarts ??= lineStartsOf(source.text)
      const offset = at - source.base
      const line = lastAtMost(source.lineStarts, offset)
      return { file: source.name, line: line + 1, column: offset - (source.lineStarts[line] ?? 0) + 1 }
    },
  }
}

function lineStartsOf(text: string): number[] {
  const starts = [0]
  for (const match of text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length)
  return starts
}

/** The index of the last number that is at most `value`, in a rising list that begins with 0. */
function lastAtMost(rising: readonly number[], value: number): number {
  let low = 0
  let high = rising.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((rising[middle] ?? 0) <= value) low = middle
    else high = middle - 1
  }
  return low
}
