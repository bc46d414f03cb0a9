// Cases of the reference loader, where they stand beside the project.
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseDotenv } from '../../src/compose/dotenv/parse-dotenv.ts'
import { interpolate } from '../../src/compose/interpolate.ts'
import { DEFAULT_LIMITS } from '../../src/compose/limits.ts'
import { createMeter } from '../../src/compose/meter.ts'
import { toPlain } from '../../src/compose/node.ts'
import { PASSES } from '../../src/compose/parse.ts'
import { readYaml } from '../../src/compose/read/read-yaml.ts'
import { createReporter } from '../../src/compose/report.ts'
import { createSources } from '../../src/compose/sources.ts'
import { toLine } from './kit.ts'
import { FILLED, INCONSISTENT, LEFT_OUT, REFUSED, SEVERAL_FILES, UNCHECKED, VARIABLES } from './load-cases.ts'
import { load, merged } from './load-kit.ts'

const CASES = new URL('../../../shared/cases/', import.meta.url)
const areThere = existsSync(CASES)

function casesOf<T>(name: string): T[] {
  return areThere ? JSON.parse(readFileSync(new URL(name, CASES), 'utf8')) : []
}

type TemplateCase = { template: string; expected: string }
type DotenvCase = { raw: string; key: string; value: string }
type MergeCase = { test: string; base: string; override: string; want: string }
type LoadCase = { test: string; yaml: string[]; expectsError: boolean }

describe.runIf(areThere)('cases of the reference loader', () => {
  test.each(casesOf<TemplateCase>('template.json'))('$test: $template', ({ template, expected }) => {
    const filled = interpolate(template, { FOO: 'first', BAR: '', JSON: '{"json":2}' })
    expect(filled).toMatchObject({ ok: true, text: expected })
  })

  test.each(casesOf<DotenvCase>('dotenv.json'))('dotenv: $raw', ({ raw, key, value }) => {
    const { variables, complaint } = parseDotenv(raw, { lookup: () => undefined })
    expect(complaint).toBeNull()
    expect([...variables]).toEqual([[key, value]])
  })

  test.each(casesOf<MergeCase>('merge.json'))('merge: $test', ({ base, override, want }) => {
    const result = merged(base, override)
    expect(result.problems).toEqual([])
    expect(inOneForm(result.merged)).toEqual(inOneForm(plain(want)))
  })
})

describe.runIf(areThere)('files that the reference loader reads', () => {
  const loads = casesOf<LoadCase>('load.json').filter(({ test: name }) => !(name in LEFT_OUT))

  test.each(loads.filter(({ yaml }) => yaml.length === 1))(
    '$test is accepted or refused as there',
    ({ test: name, yaml, expectsError }) => {
      const text = (yaml[0] ?? '').replaceAll('%s', FILLED[name] ?? '%s')
      const env = name.includes('Interpolation') ? VARIABLES : {}
      const { spec, problems } = load(text, {}, { env }, UNCHECKED.includes(name) ? INCONSISTENT : PASSES)
      const errors = problems.filter(({ severity }) => severity === 'error')
      const refused = REFUSED[name]
      if (refused) expect(errors.map(({ code }) => code)).toEqual(refused)
      else if (expectsError) expect(spec).toBeNull()
      else expect(errors.map(toLine)).toEqual([])
    },
  )

  test.each(loads.filter(({ yaml }) => yaml.length > 1))('$test, which has several', (each) => {
    const check = SEVERAL_FILES[each.test]
    if (!check) throw new Error(`say what ${each.test} is about`)
    check(each.yaml, load)
  })

  test('every case that is left out is one of them', () => {
    const names = casesOf<LoadCase>('load.json').map(({ test: name }) => name)
    expect(
      [...UNCHECKED, ...[LEFT_OUT, REFUSED, SEVERAL_FILES].flatMap(Object.keys)].filter(
        (name) => !names.includes(name),
      ),
    ).toEqual([])
  })
})

function plain(text: string): unknown {
  const context = {
    limits: DEFAULT_LIMITS,
    sources: createSources(),
    reporter: createReporter(1),
    meter: createMeter(),
  }
  return toPlain(readYaml('', text, context)[0])
}

/**
 * Maps and lists of `key=value` mean the same; so do the orders of hosts. The reference turns them into lists when it
 * merges, we into maps; both are one map in the end.
 */
function inOneForm(value: unknown, key = ''): unknown {
  if (key === 'extra_hosts' && Array.isArray(value)) return [...value].sort()
  if (Array.isArray(value)) {
    const isPairs = PAIRS.has(key) && value.every((item) => typeof item === 'string')
    return isPairs ? Object.fromEntries(value.map(toPair)) : value.map((item) => inOneForm(item))
  }
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([name, item]) => [
    name,
    PAIRS.has(key) && item !== null ? String(item) : inOneForm(item, name),
  ])
  return Object.fromEntries(entries)
}

const PAIRS = new Set(['environment', 'labels', 'annotations', 'args', 'sysctls', 'additional_contexts'])

function toPair(text: string): [string, string | null] {
  const equals = text.indexOf('=')
  return equals === -1 ? [text, null] : [text.slice(0, equals), text.slice(equals + 1)]
}
