import { expect, test } from 'vitest'
import type { Healthcheck } from '../../src/system/spec.ts'
import { at, compileServices, healthcheck, remarks, service } from './specs.ts'

function compileCheck(given: Partial<Healthcheck>) {
  return compileServices({ web: service({ healthcheck: healthcheck(given) }) })
}

function probeOf(given: Partial<Healthcheck>) {
  return at(compileCheck(given), 'Deployment/shop-web', 'spec.template.spec.containers.0.readinessProbe')
}

test('asks with the defaults of Docker', () => {
  expect(probeOf({})).toEqual({
    exec: { command: ['true'] },
    periodSeconds: 30,
    timeoutSeconds: 30,
    failureThreshold: 3,
  })
})

test('runs the shell form in a shell, with each $ as it is', () => {
  const test = { kind: 'shell', command: 'test -n "$HOME" || exit 1' } as const
  expect(probeOf({ test })).toMatchObject({
    exec: { command: ['/bin/sh', '-c', 'test -n "$HOME" || exit 1'] },
  })
})

test('rounds up to whole seconds, and says so', () => {
  const given = { intervalMs: 200, timeoutMs: 1500 }
  expect(probeOf(given)).toMatchObject({ periodSeconds: 1, timeoutSeconds: 2 })
  expect(remarks(compileCheck(given))).toEqual([
    'info DURATION_ROUNDED services.web.healthcheck.interval',
    'info DURATION_ROUNDED services.web.healthcheck.timeout',
  ])
})

test('says that there is no start interval, where Docker would use one', () => {
  expect(remarks(compileCheck({ startPeriodMs: 60_000 }))).toEqual([
    'info START_INTERVAL_IGNORED services.web.healthcheck.start_interval',
  ])
  expect(remarks(compileCheck({ startPeriodMs: 60_000, intervalMs: 5_000 }))).toEqual([])
})

test('has no probe without a healthcheck', () => {
  const compiled = compileServices({ web: service() })
  expect(at(compiled, 'Deployment/shop-web', 'spec.template.spec.containers.0')).not.toHaveProperty(
    'readinessProbe',
  )
})
