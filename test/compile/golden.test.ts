import { expect, test } from 'vitest'
import { compileSample, listSamples, readGolden } from './golden.ts'

const samples = await listSamples()

test.each(samples)('compiles samples/%s.yml to what stands in samples/golden', async (name) => {
  expect(await compileSample(name)).toEqual(await readGolden(name))
})
