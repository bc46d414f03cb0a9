// What Docker's own Compose says about the collection, and what the front end says.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { describe, expect, test } from 'vitest'
import { type Rule, toGrammar } from '../../src/compose/keys/grammar.ts'
import { printCanonical } from '../../src/compose/print/print-canonical.ts'
import { askOracle } from '../kit/compose-oracle/ask-oracle.ts'
import { filesOf, readCollection, readExpected } from '../kit/compose-oracle/collection.ts'
import { findOracle } from '../kit/compose-oracle/find-oracle.ts'
import { parseSample } from '../kit/compose-oracle/parse-sample.ts'
import { portable } from '../kit/compose-oracle/portable.ts'
import { toLine } from './kit.ts'
import { comparable } from './oracle-differences.ts'

const samples = readCollection()
const recorded = readExpected('oracle') as { version: string; keys: string[] }
const oracle = findOracle()

/** Keys that no file can have, each with its reason. */
const NOT_USED = { 'services.*.env_file[].format': 'this version refuses every value of it' }

describe(`Docker's Compose ${recorded.version}`, () => {
  test.each(samples.map((sample) => [sample.name, sample] as const))(
    'and Tycho agree on %s',
    (name, sample) => {
      const { spec, canonical, problems } = parseSample(sample)
      expect(problems.filter(({ severity }) => severity === 'error').map(toLine)).toEqual([])
      expect(spec).not.toBeNull()
      const ours = JSON.parse(printCanonical(canonical, 'json'))
      expect(comparable(ours, 'ours')).toEqual(comparable(readExpected(name), 'theirs'))
    },
  )

  test('knows no key that the collection does not use', () => {
    const used = usedKeys()
    const unused = recorded.keys.filter((key) => !used.has(key))
    expect(unused).toEqual(Object.keys(NOT_USED))
  })

  const isSame = oracle?.version === recorded.version
  const found = oracle ? `there is version ${oracle.version}` : 'there is none: npm run oracle -- fetch'
  test.runIf(isSame)('still says what was recorded', { timeout: 60_000 }, () => {
    for (const { name, question } of samples) {
      const answer = oracle && askOracle(oracle, question)
      const model = answer?.ok ? portable(answer.model, question.folder) : answer
      expect(model, name).toEqual(readExpected(name))
    }
  })
  test.skipIf(isSame)(`is not asked again here (${found})`, () => {})
})

/** The recorded keys that stand in some file of the collection. */
function usedKeys(): Set<string> {
  const grammar = toGrammar(recorded.keys.map((path) => ({ path })))
  const used = new Set<string>()
  for (const { question } of samples) {
    const files = Object.keys(filesOf({ name: '', question })).filter((file) => /\.ya?ml$/.test(file))
    for (const file of files) {
      const text = readFileSync(join(question.folder, file), 'utf8').replaceAll(/!(?:reset|override)/g, '')
      mark(load(text), grammar, used)
    }
  }
  return used
}

function mark(value: unknown, rule: Rule<{ path: string }>, used: Set<string>): void {
  if (rule.row) used.add(rule.row.path)
  if (typeof value !== 'object' || value === null) return
  for (const [key, inner] of Object.entries(value)) {
    const below = Array.isArray(value) ? rule.items : (rule.keys.get(key) ?? rule.names)
    if (below) mark(inner, below, used)
  }
}
