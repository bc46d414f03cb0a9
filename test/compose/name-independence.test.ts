// What a file says under one name of its system it says under every name, unless it says that it depends on it.
import { expect, it } from 'vitest'
import { parseCompose } from '../../src/compose/parse.ts'
import { readCollection } from '../kit/compose-oracle/collection.ts'
import { sampleInput } from '../kit/compose-oracle/parse-sample.ts'

const samples = readCollection().map((sample) => [sample.name, sampleInput(sample)] as const)

it.each(samples)('%s is read the same under another name, or depends on it', (_, input) => {
  const [one, other] = (['one', 'other-name'] as const).map((systemName) =>
    parseCompose({ ...input, systemName }),
  )
  expect(one?.dependsOnName).toBe(other?.dependsOnName)
  if (one?.dependsOnName) return
  expect(one?.spec).toEqual(other?.spec)
  expect(one?.problems).toEqual(other?.problems)
  expect(one?.positions).toEqual(other?.positions)
})

it('most files do not depend on it', () => {
  const dependent = samples.filter(([, input]) => parseCompose({ ...input, systemName: 'one' }).dependsOnName)
  expect(dependent.length).toBeLessThan(samples.length / 4)
})
