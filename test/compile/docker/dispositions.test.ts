// Every key of the specification meets what Docker's table says of it, and none is dropped in silence.
import { describe, expect, test } from 'vitest'
import { segmentsOf } from '../../../src/compose/keys/grammar.ts'
import { KEYS } from '../../../src/compose/keys/table.ts'
import { parseCompose } from '../../../src/compose/parse.ts'
import { compile } from '../../../src/orchestrators/docker/compile/compile.ts'
import { dispositionOf, dispositions, rowOf } from '../../../src/orchestrators/docker/compile/dispositions.ts'
import type { Row } from '../../../src/orchestrators/shared/disposition-row.ts'
import { FILES, fileWith, valueFor } from '../../compose/files-by-key.ts'
import { compileService, engineOf, identity } from './kit.ts'

const rows: Readonly<Record<string, Row>> = dispositions

/** A row's pattern as it stands in a Problem: names and indexes are any. */
function patternOf(path: string): RegExp {
  const segments = segmentsOf(path).map((segment) => {
    if (segment === '[]') return String.raw`(?:\[\d+\])?`
    return segment === '*' ? String.raw`\.[^.]+` : String.raw`\.${segment}`
  })
  return new RegExp(`^${segments.join('').slice(2)}`)
}

function outcomeOf(file: unknown) {
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

const plain = outcomeOf({ services: { web: { image: 'nginx' }, db: { image: 'redis' } } })

/** Keys that say what is so anyway, or are nothing without another key beside them, each with its reason. */
const QUIET: Readonly<Record<string, string>> = {
  name: 'the request may set another',
  'services.*.deploy.mode': 'as many containers as copies',
  'services.*.deploy.restart_policy.max_attempts': 'it goes with a condition',
  'services.*.deploy.placement.max_replicas_per_node': 'there is room for one',
  'services.*.deploy.update_config.parallelism': 'one after the other it is',
}

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
      for (const [code, disposition] of Object.entries(remarks)) expect(dispositionOf(code)).toBe(disposition)
  })

  test('has the code of what is said among the remarks of its row', () => {
    for (const { remarks, said, saidOf } of Object.values(rows))
      for (const { code } of [said, saidOf].flatMap((each) => each ?? []))
        expect(remarks).toHaveProperty(code)
  })

  test('refuses what is an error or a matter of policy, and only that', () => {
    expect(compileService({ privileged: true }).stages).toEqual([])
    expect(compileService({ command: [] }).stages).toEqual([])
    expect(compileService({ logging: { driver: 'syslog' } }).stages).not.toEqual([])
  })
})

describe('every key of a file', () => {
  const keys = KEYS.filter(({ path }) => path !== 'services' && path !== 'services.*')

  test.each(keys.map((row) => [row.path, row] as const))('%s is answered', (path, row) => {
    const { stages, codes, paths } = outcomeOf(fileWith(path, valueFor(row)))
    const remarks = Object.keys(rowOf(path)?.remarks ?? {})
    const isRemarked = paths.some((at) => patternOf(path.replace(/\[\]$/, '')).test(at))
    const isSaid = codes.some((code) => remarks.includes(code))
    expect(isRemarked || stages !== plain.stages || isSaid || path in QUIET).toBe(true)
  })
})

test('an engine that is older is told of in what it lacks', () => {
  const service = {
    healthcheck: { test: 'true', start_period: '10s', start_interval: '1s' },
    annotations: { a: 'b' },
  }
  const codes = (minor: number) =>
    compileService(service, { facts: engineOf(minor) }).problems.map(({ code }) => code)
  expect(codes(41)).toEqual(['START_INTERVAL_IGNORED', 'NO_EFFECT'])
  expect(codes(44)).toEqual([])
})
