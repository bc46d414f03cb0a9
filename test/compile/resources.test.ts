import { expect, test } from 'vitest'
import { toCpuQuantity, toMemoryQuantity } from '../../src/orchestrators/kubernetes/quantity.ts'
import { at, compileServices, limits, remarks, service } from './specs.ts'

const container = 'spec.template.spec.containers.0'

test('makes limits and reservations limits and requests', () => {
  const resources = limits({ cpus: 1.5, memoryBytes: 2 ** 30 }, { cpus: 0.25, memoryBytes: 100_000_000 })
  const compiled = compileServices({ web: service({ resources }) })
  expect(at(compiled, 'Deployment/shop-web', `${container}.resources`)).toEqual({
    limits: { cpu: '1500m', memory: '1Gi' },
    requests: { cpu: '250m', memory: '100000000' },
  })
})

test('leaves out what is not said, or is zero', () => {
  const resources = limits({ cpus: 0, memoryBytes: 0 })
  const compiled = compileServices({ web: service({ resources }) })
  expect(at(compiled, 'Deployment/shop-web', container)).not.toHaveProperty('resources')
})

test('counts processors in thousandths, rounded up', () => {
  expect([2, 0.5, 0.0001, 1.1, 0.3333].map(toCpuQuantity)).toEqual(['2', '500m', '1m', '1100m', '334m'])
})

test('writes bytes in the largest binary unit that divides them', () => {
  expect([1, 1023, 1024, 1536, 2 ** 29, 3 * 2 ** 40].map(toMemoryQuantity)).toEqual([
    '1',
    '1023',
    '1Ki',
    '1536',
    '512Mi',
    '3Ti',
  ])
})

test('warns that a limit of processes is not applied', () => {
  const compiled = compileServices({ web: service({ resources: limits({ pids: 100 }) }) })
  expect(remarks(compiled)).toEqual(['warning PIDS_LIMIT_IGNORED services.web.deploy.resources.limits.pids'])
})
