import { expect, test } from 'vitest'
import type { DependencyCondition, ServiceSpec } from '../../src/system/spec.ts'
import { at, compileServices, dependency, healthcheck, port, remarks, service } from './specs.ts'

const alone = (given: Partial<ServiceSpec>) => compileServices({ work: service(given) })

/** With another service that waits for it. */
function awaited(given: Partial<ServiceSpec>, condition: DependencyCondition = 'completed') {
  const after = service({ dependsOn: { work: dependency({ condition }) } })
  return compileServices({ work: service(given), after })
}

test('runs a service as a Deployment of its replicas', () => {
  const compiled = alone({ replicas: 3 })
  expect(at(compiled, 'Deployment/shop-work', 'spec.replicas')).toBe(3)
  expect(at(compiled, 'Deployment/shop-work', 'spec.template.spec')).not.toHaveProperty('restartPolicy')
})

test('restarts a service that says nothing, and says so', () => {
  const compiled = alone({ restart: { condition: 'unset' } })
  expect(at(compiled, 'Deployment/shop-work', 'kind')).toBe('Deployment')
  expect(remarks(compiled)).toEqual(['info RESTART_DEFAULT services.work.restart'])
})

test('runs a service once where another one waits for its end', () => {
  const compiled = awaited({ restart: { condition: 'unset' } })
  expect(at(compiled, 'Job/shop-work', 'spec')).toMatchObject({
    parallelism: 1,
    completions: 1,
    backoffLimit: 0,
    template: { spec: { restartPolicy: 'Never' } },
  })
  expect(remarks(compiled)).toEqual([])
})

test('does not end a service because another one waits for its start', () => {
  const compiled = awaited({ restart: { condition: 'unset' } }, 'started')
  expect(at(compiled, 'Deployment/shop-work', 'kind')).toBe('Deployment')
})

test('refuses to wait for the end of what is always restarted', () => {
  for (const condition of ['always', 'unless-stopped'] as const) {
    expect(remarks(awaited({ restart: { condition } }))).toEqual([
      'error DEPENDENCY_NEVER_COMPLETES services.after.depends_on.work',
    ])
  }
})

test('runs a service with restart "no" once, in all its replicas', () => {
  const compiled = alone({ restart: { condition: 'no' }, replicas: 4 })
  expect(at(compiled, 'Job/shop-work', 'spec')).toMatchObject({
    parallelism: 4,
    completions: 4,
    backoffLimit: 0,
    template: { spec: { restartPolicy: 'Never' } },
  })
})

test('takes what has ports and a healthcheck for a server, and warns', () => {
  const server = { restart: { condition: 'no' }, ports: [port(80)], healthcheck: healthcheck() } as const
  const compiled = alone({ ...server, ports: [port(80)] })
  expect(at(compiled, 'Deployment/shop-work', 'kind')).toBe('Deployment')
  expect(remarks(compiled)).toEqual(['warning RESTARTS_ALWAYS services.work.restart'])
  expect(at(awaited({ ...server, ports: [port(80)] }), 'Job/shop-work', 'kind')).toBe('Job')
})

test('repeats on failure without a limit, in the same pod', () => {
  const compiled = alone({ restart: { condition: 'on-failure', maxAttempts: null } })
  expect(at(compiled, 'Job/shop-work', 'spec')).toMatchObject({
    backoffLimit: 2147483647,
    template: { spec: { restartPolicy: 'OnFailure' } },
  })
})

test('repeats a number of times in new pods, whose logs stay', () => {
  const compiled = alone({ restart: { condition: 'on-failure', maxAttempts: 3 }, ports: [port(80)] })
  expect(at(compiled, 'Job/shop-work', 'spec')).toMatchObject({
    backoffLimit: 3,
    template: { spec: { restartPolicy: 'Never' } },
  })
})

test('takes zero attempts for no limit', () => {
  const compiled = alone({ restart: { condition: 'on-failure', maxAttempts: 0 } })
  expect(at(compiled, 'Job/shop-work', 'spec.backoffLimit')).toBe(2147483647)
})

test('keeps a server that restarts on failure, and warns that it restarts on success too', () => {
  const compiled = alone({ restart: { condition: 'on-failure', maxAttempts: null }, ports: [port(80)] })
  expect(at(compiled, 'Deployment/shop-work', 'kind')).toBe('Deployment')
  expect(remarks(compiled)).toEqual(['warning RESTARTS_ALWAYS services.work.restart'])
})
