// Every key of the specification meets what a table says of it, and none is dropped in silence: the same tests for an engine
// and for a swarm.
import { describe, expect, test } from 'vitest'
import { segmentsOf } from '../../../src/compose/keys/grammar.ts'
import { KEYS } from '../../../src/compose/keys/table.ts'
import { parseCompose } from '../../../src/compose/parse.ts'
import type { Compiled, CompileInput } from '../../../src/orchestrators/orchestrator.ts'
import type { Row } from '../../../src/orchestrators/shared/disposition-row.ts'
import { FILES, fileWith, valueFor } from '../../compose/files-by-key.ts'
import { identity } from './kit.ts'

export type Table = {
  rows: Readonly<Record<string, Row>>
  rowOf(path: string): Row | null
  dispositionOf(code: string): string
  compile(input: CompileInput): Compiled
}

/** A row's pattern as it stands in a Problem: names and indexes are any. */
function patternOf(path: string): RegExp {
  const segments = segmentsOf(path).map((segment) => {
    if (segment === '[]') return String.raw`(?:\[\d+\])?`
    return segment === '*' ? String.raw`\.[^.]+` : String.raw`\.${segment}`
  })
  return new RegExp(`^${segments.join('').slice(2)}`)
}

function outcomeOf(file: unknown, { compile }: Table) {
  const files = { ...FILES, Dockerfile: 'FROM scratch\n' }
  const { spec, problems } = parseCompose({ compose: file, env: {}, files })
  if (!spec) throw new Error(problems.map(({ path, message }) => `${path}: ${message}`).join('\n'))
  const compiled = compile({ identity, spec, exposure: 'nodePort' })
  const all = [...problems, ...compiled.problems]
  return {
    stages: JSON.stringify(compiled.stages),
    codes: all.map(({ code }) => code),
    paths: all.map(({ path }) => path),
  }
}

export function describeTable(table: Table): void {
  const { rows, rowOf, dispositionOf } = table

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

  describe('every key of a file', () => {
    const plain = outcomeOf({ services: { web: { image: 'nginx' }, db: { image: 'redis' } } }, table)
    const keys = KEYS.filter(({ path }) => path !== 'services' && path !== 'services.*')

    test.each(keys.map((row) => [row.path, row] as const))('%s is answered', (path, row) => {
      const { stages, codes, paths } = outcomeOf(fileWith(path, valueFor(row)), table)
      const remarks = Object.keys(rowOf(path)?.remarks ?? {})
      const isRemarked = paths.some((at) => patternOf(path.replace(/\[\]$/, '')).test(at))
      const isSaid = codes.some((code) => remarks.includes(code))
      expect(isRemarked || isSaid || stages !== plain.stages).toBe(true)
    })
  })
}
