import { expect, test } from 'vitest'
import { at, clusterOf, compileServices, remarks, service } from './specs.ts'

test('keeps the order of the variables and doubles every $', () => {
  const compiled = compileServices({ web: service({ environment: { B: '2', A: '$(B)', EMPTY: '' } }) })
  expect(at(compiled, 'Deployment/shop-web', 'spec.template.spec.containers.0.env')).toEqual([
    { name: 'B', value: '2' },
    { name: 'A', value: '$$(B)' },
    { name: 'EMPTY', value: '' },
  ])
})

test('takes names that only newer clusters take, where the cluster is one', () => {
  const services = { web: service({ environment: { '1st name': 'x' } }) }
  expect(remarks(compileServices(services, { facts: clusterOf(32) }))).toEqual([])
  expect(remarks(compileServices(services, { facts: clusterOf(31) }))).toEqual([
    'error INVALID_VARIABLE_NAME services.web.environment.1st name',
  ])
})

test('refuses names that no cluster takes', () => {
  const compiled = compileServices({ web: service({ environment: { Größe: '1' } }) })
  expect(remarks(compiled)).toEqual(['error INVALID_VARIABLE_NAME services.web.environment.Größe'])
})
