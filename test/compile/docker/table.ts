// Every key of the specification meets what a table says of it, and none is dropped in silence: the same tests for an engine
// and for a swarm.
import { describe, expect, test } from 'vitest'
import { KEYS } from '../../../src/compose/keys/table.ts'
import { parseCompose } from '../../../src/compose/parse.ts'
import type { Compiled, CompileInput } from '../../../src/orchestrators/orchestrator.ts'
import { FILES, fileWith, valueFor } from '../../compose/files-by-key.ts'
import { describeRows, patternOf, type Rows } from '../table.ts'
import { identity } from './kit.ts'

export type Table = Rows & { compile(input: CompileInput): Compiled }

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
  const { rowOf } = table
  describeRows(table)

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
