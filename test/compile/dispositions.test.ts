// Every key of the specification meets what the table says of it, and none is dropped in silence.
import { describe, expect, test } from 'vitest'
import { KEYS } from '../../src/compose/keys/table.ts'
import { parseCompose } from '../../src/compose/parse.ts'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import {
  dispositionOf,
  dispositions,
  type Row,
  rowOf,
} from '../../src/orchestrators/kubernetes/compile/dispositions.ts'
import type { Compiled } from '../../src/orchestrators/orchestrator.ts'
import { FILES, fileWith, valueFor } from '../compose/files-by-key.ts'
import { compileServices, identity, port, service } from './specs.ts'
import { describeRows, patternOf } from './table.ts'

const rows: Readonly<Record<string, Row>> = dispositions

type Outcome = { compiled: Compiled; codes: string[]; paths: string[] }

function outcomeOf(file: unknown): Outcome {
  const { spec, problems } = parseCompose({ compose: file, env: {}, files: FILES })
  if (!spec) throw new Error(problems.map(({ path, message }) => `${path}: ${message}`).join('\n'))
  const compiled = compile({ identity, spec, exposure: 'nodePort' })
  const all = [...problems, ...compiled.problems]
  return { compiled, codes: all.map(({ code }) => code), paths: all.map(({ path }) => path) }
}

const plain = outcomeOf({ services: { web: { image: 'nginx' }, db: { image: 'redis' } } })

/** Keys that say what is so anyway, or are nothing without another key beside them, each with its reason. */
const QUIET: Readonly<Record<string, string>> = {
  name: 'the request may set another',
  'services.*.healthcheck.disable': 'it takes a healthcheck away',
}

describeRows({ rows, rowOf, dispositionOf })

describe('the table of dispositions', () => {
  test('refuses what is an error or a matter of policy, and only that', () => {
    const refused = (compiled: Compiled) => compiled.stages.length === 0
    expect(refused(compileServices({ web: service({ ports: [port(80, { mode: 'host' })] }) }))).toBe(true)
    expect(refused(compileServices({ web: service({ command: [] }) }))).toBe(true)
    const published = service({ ports: [port(80, { hostIp: '192.0.2.1' })] })
    expect(refused(compileServices({ web: published }))).toBe(false)
  })
})

describe('every key of a file', () => {
  const keys = KEYS.filter(({ path }) => path !== 'services' && path !== 'services.*')

  test.each(keys.map((row) => [row.path, row] as const))('%s is answered', (path, row) => {
    const { compiled, codes, paths } = outcomeOf(fileWith(path, valueFor(row)))
    const remarks = Object.keys(rowOf(path)?.remarks ?? {})
    const isRemarked = paths.some((at) => patternOf(path.replace(/\[\]$/, '')).test(at))
    const isCompiled = JSON.stringify(compiled.stages) !== JSON.stringify(plain.compiled.stages)
    const isSaid = codes.some((code) => remarks.includes(code))
    expect(isRemarked || isCompiled || isSaid || path in QUIET).toBe(true)
  })
})
