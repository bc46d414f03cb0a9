import { expect, test } from 'vitest'
import { compile } from '../../src/orchestrators/docker/compile/compile.ts'
import { identity } from './docker/kit.ts'
import { compileSample, listGoldens, listSamples, readGolden, readSample } from './golden.ts'

const goldens = (await listGoldens()).map((golden) => [golden.name, golden.on, golden] as const)

test.each(goldens)(
  'compiles samples/%s.yml to what stands in the goldens of %s',
  async (_name, _on, golden) => {
    expect(await compileSample(golden)).toEqual(await readGolden(golden))
  },
)

test.each(await listSamples())('compiles samples/%s.yml for an engine, too', async (name) => {
  const { problems, stages } = compile({ identity, spec: await readSample(name), exposure: 'nodePort' })
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
  expect(stages).not.toEqual([])
})
