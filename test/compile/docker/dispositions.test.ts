// Every key of the specification meets what Docker's table says of it, and none is dropped in silence.
import { expect, test } from 'vitest'
import { compile } from '../../../src/orchestrators/docker/compile/compile.ts'
import { dispositionOf, dispositions, rowOf } from '../../../src/orchestrators/docker/compile/dispositions.ts'
import { compileService, engineOf } from './kit.ts'
import { describeTable } from './table.ts'

describeTable({
  rows: dispositions,
  rowOf,
  dispositionOf,
  compile,
})

test('what is an error or a matter of policy is refused, and only that', () => {
  expect(compileService({ privileged: true }).stages).toEqual([])
  expect(compileService({ command: [] }).stages).toEqual([])
  expect(compileService({ logging: { driver: 'syslog' } }).stages).not.toEqual([])
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
