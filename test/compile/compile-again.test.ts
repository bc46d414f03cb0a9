import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parseCompose } from '../../src/compose/parse.ts'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import { createKubernetesCompiler } from '../../src/orchestrators/kubernetes/compile/compiler.ts'
import type { CompileInput } from '../../src/orchestrators/orchestrator.ts'
import type { SystemSpec } from '../../src/system/spec.ts'
import { must } from '../kit/work.ts'

const folder = new URL('../../samples/', import.meta.url)
const samples = readdirSync(folder).filter((name) => name.endsWith('.yml'))

function read(compose: unknown): SystemSpec {
  return must(parseCompose({ compose, env: {}, files: {}, systemName: 'one' }).spec)
}

const inputOf = (spec: SystemSpec, name: string, more: Partial<CompileInput> = {}): CompileInput => ({
  identity: { tenant: 'course', namespace: 'course', name, sid: '0'.repeat(32) },
  spec,
  exposure: 'nodePort',
  ...more,
})

/** Long enough for names to be cut, and one that a service has too. */
const names = ['one', 'hello', 'db', 'n'.repeat(63), 'two']

it.each(samples)('gives for every name of a system what compiling anew gives: %s', (sample) => {
  const text = readFileSync(new URL(sample, folder), 'utf8')
  const { spec } = parseCompose({ compose: text, env: {}, files: {}, systemName: 'one' })
  // Samples of several files are compiled elsewhere.
  if (!spec) return
  const again = createKubernetesCompiler().compile
  for (const name of names) {
    const { problems, objectNames, stages } = again(inputOf(spec, name))
    expect({ problems, objectNames, stages }).toEqual({ ...compile(inputOf(spec, name)) })
  }
})

it('of another exposure, or with settings, the same spec is checked anew', () => {
  const spec = read({ services: { web: { image: 'demo/hello', ports: ['8888'] } } })
  const again = createKubernetesCompiler().compile
  const settings = { web: { exposure: 'loadBalancer' as const } }
  for (const more of [{}, { exposure: 'clusterIP' as const }, { settings }, {}]) {
    const input = inputOf(spec, 'one', more)
    expect(again(input).problems).toEqual(compile(input).problems)
    expect(again(input).stages).toEqual(compile(input).stages)
  }
})

it('a name that the file gives to an object is held against the names of each system', () => {
  const labels = { 'kompose.service.name_override': 'one-db' }
  const spec = read({ services: { web: { image: 'demo/hello', labels }, db: { image: 'demo/hello' } } })
  const again = createKubernetesCompiler().compile
  const codes = (name: string) => again(inputOf(spec, name)).problems.map(({ code }) => code)
  expect(codes('two')).not.toContain('INVALID_KOMPOSE_LABEL')
  expect(codes('one')).toContain('INVALID_KOMPOSE_LABEL')
})
