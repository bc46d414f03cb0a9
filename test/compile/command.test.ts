import { expect, test } from 'vitest'
import type { ServiceSpec } from '../../src/system/spec.ts'
import { at, compileServices, remarks, service } from './specs.ts'

function run(given: Partial<ServiceSpec>) {
  const compiled = compileServices({ web: service(given) })
  const container = 'spec.template.spec.containers.0'
  return {
    command: at(compiled, 'Deployment/shop-web', `${container}.command`),
    args: at(compiled, 'Deployment/shop-web', `${container}.args`),
  }
}

test('keeps the image as it is when the file gives neither', () => {
  expect(run({})).toEqual({})
})

test('makes the entrypoint the command, and the command its arguments', () => {
  expect(run({ entrypoint: ['start.sh'], command: ['lab', '-v'] })).toEqual({
    command: ['start.sh'],
    args: ['lab', '-v'],
  })
})

test('gives the command alone to the entrypoint of the image', () => {
  expect(run({ command: ['lab'] })).toEqual({ args: ['lab'] })
})

test('runs the command itself where the entrypoint is cleared', () => {
  expect(run({ entrypoint: [], command: ['sh', '-c', 'true'] })).toEqual({ command: ['sh', '-c', 'true'] })
})

test('drops a cleared command behind an entrypoint, which drops that of the image', () => {
  expect(run({ entrypoint: ['start.sh'], command: [] })).toEqual({ command: ['start.sh'] })
})

test('doubles every $, so that Kubernetes expands nothing', () => {
  expect(run({ entrypoint: ['sh', '-c'], command: ['echo $HOME $(HOME) $$'] })).toEqual({
    command: ['sh', '-c'],
    args: ['echo $$HOME $$(HOME) $$$$'],
  })
})

test('refuses to clear the command of the image alone', () => {
  const compiled = compileServices({ web: service({ command: [] }) })
  expect(remarks(compiled)).toEqual(['error COMMAND_CLEARED services.web.command'])
  expect(compiled.stages).toEqual([])
})

test('refuses a cleared entrypoint with nothing to run', () => {
  for (const command of [null, []]) {
    const compiled = compileServices({ web: service({ entrypoint: [], command }) })
    expect(remarks(compiled)).toEqual(['error ENTRYPOINT_CLEARED services.web.entrypoint'])
  }
})
