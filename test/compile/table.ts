// What must be so of every table of dispositions, whichever orchestrator it is of.
import { describe, expect, test } from 'vitest'
import { segmentsOf } from '../../src/compose/keys/grammar.ts'
import { KEYS } from '../../src/compose/keys/table.ts'
import type { Row } from '../../src/orchestrators/shared/disposition-row.ts'

export type Rows = {
  rows: Readonly<Record<string, Row>>
  rowOf(path: string): Row | null
  dispositionOf(code: string): string
}

/** A row's pattern as it stands in a Problem: names and indexes are any. */
export function patternOf(path: string): RegExp {
  const segments = segmentsOf(path).map((segment) => {
    if (segment === '[]') return String.raw`(?:\[\d+\])?`
    return segment === '*' ? String.raw`\.[^.]+` : String.raw`\.${segment}`
  })
  return new RegExp(`^${segments.join('').slice(2)}`)
}

export function describeRows({ rows, rowOf, dispositionOf }: Rows): void {
  describe('the table of dispositions', () => {
    test.each(KEYS.map(({ path }) => path))('%s has a row, or is part of one', (path) => {
      expect(rowOf(path)).not.toBeNull()
    })

    test('has no row for what is no key', () => {
      const known = new Set(KEYS.map(({ path }) => path))
      const unknown = Object.keys(rows).filter((path) => !known.has(path) && !path.endsWith('x-k8s'))
      expect(unknown).toEqual([])
    })

    test('says the same of a code in every row', () => {
      for (const { remarks } of Object.values(rows))
        for (const [code, disposition] of Object.entries(remarks))
          expect(dispositionOf(code)).toBe(disposition)
    })

    test('has the code of what is said among the remarks of its row', () => {
      for (const { remarks, said, saidOf } of Object.values(rows))
        for (const { code } of [said, saidOf].flatMap((each) => each ?? []))
          expect(remarks).toHaveProperty(code)
    })
  })
}
