// Cases of the reference loader, where they stand beside the project.
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { interpolate } from '../../src/compose/interpolate.ts'
import { parse, toLine } from './kit.ts'

const CASES = new URL('../../../shared/cases/', import.meta.url)
const areThere = existsSync(CASES)

function casesOf<T>(name: string): T[] {
  return areThere ? JSON.parse(readFileSync(new URL(name, CASES), 'utf8')) : []
}

type TemplateCase = { template: string; expected: string }
type LoadCase = { test: string; yaml: string[]; expectsError: boolean }

/** Refused by design, where the reference loader has it otherwise. */
const KNOWN = new Set(['NOT_SUPPORTED_YET', 'SEVERAL_DOCUMENTS', 'SERVICES_REQUIRED'])

/** Not run as they stand, each with its reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  TestLoadTmpfsVolume: 'a template of the Go test, with %s in it',
  TestResolveAdditionalContexts: 'a template of the Go test, with %s in it',
  TestLoadWithInterpolationCastFull: 'its variables are in the Go test',
  TestLoadWithDependsOn: 'read there without the check of consistency',
  TestParseYAMLFilesMergeOverride: 'read there without the check of consistency',
}

describe.runIf(areThere)('cases of the reference loader', () => {
  test.each(casesOf<TemplateCase>('template.json'))('$test: $template', ({ template, expected }) => {
    const filled = interpolate(template, { FOO: 'first', BAR: '', JSON: '{"json":2}' })
    expect(filled).toMatchObject({ ok: true, text: expected })
  })

  const loads = casesOf<LoadCase>('load.json').filter(
    ({ yaml, test: name }) => yaml.length === 1 && !(name in LEFT_OUT),
  )
  test.each(loads.filter(({ expectsError }) => expectsError))('$test is refused', ({ yaml }) => {
    expect(parse(yaml[0]).spec).toBeNull()
  })

  test.each(loads.filter(({ expectsError }) => !expectsError))(
    '$test has no error but what is to come',
    ({ yaml }) => {
      const errors = parse(yaml[0]).problems.filter(
        ({ severity, code }) => severity === 'error' && !KNOWN.has(code),
      )
      expect(errors.map(toLine)).toEqual([])
    },
  )
})
