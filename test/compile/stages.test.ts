import { expect, test } from 'vitest'
import { compileServices, dependency, healthcheck, port, remarks, service, subjects } from './specs.ts'

test('makes a system of one service two objects: the workload, its owner, and the Service of its ports', () => {
  const compiled = compileServices({ web: service({ ports: [port(80)] }) })
  expect(subjects(compiled)).toEqual(['Deployment/shop-web', 'Service/shop-web'])
  expect(compiled.stages).toMatchObject([{ services: ['web'], requires: [] }])
})

test('makes the headless Service first, then the published ones, then the workloads', () => {
  const compiled = compileServices({ web: service({ ports: [port(80)] }), db: service() })
  expect(subjects(compiled)).toEqual([
    'Service/shop--net',
    'Service/shop-web',
    'Deployment/shop-web',
    'Deployment/shop-db',
  ])
})

test('opens published ports in the first stage, so that a full range of ports is found at once', () => {
  const web = service({ ports: [port(80)], dependsOn: { db: dependency() } })
  const { stages } = compileServices({ web, db: service() })
  expect(stages.map((stage) => stage.manifests.map(({ subject }) => subject))).toEqual([
    ['Service/shop--net', 'Service/shop-web', 'Deployment/shop-db'],
    ['Deployment/shop-web'],
  ])
})

test('starts what depends on others once they have come so far', () => {
  const web = service({
    dependsOn: { db: dependency({ condition: 'healthy' }), init: dependency({ condition: 'completed' }) },
  })
  const worker = service({ dependsOn: { db: dependency({ condition: 'healthy' }), web: dependency() } })
  const db = service({ healthcheck: healthcheck() })
  const init = service({ restart: { condition: 'no' }, dependsOn: { db: dependency() } })
  const { stages } = compileServices({ web, worker, db, init })
  expect(stages.map(({ services, requires }) => ({ services, requires }))).toEqual([
    { services: ['db'], requires: [] },
    { services: ['init'], requires: [{ service: 'db', condition: 'started' }] },
    {
      services: ['web'],
      requires: [
        { service: 'db', condition: 'healthy' },
        { service: 'init', condition: 'completed' },
      ],
    },
    {
      services: ['worker'],
      requires: [
        { service: 'db', condition: 'healthy' },
        { service: 'web', condition: 'started' },
      ],
    },
  ])
})

test('asks for each condition once', () => {
  const one = service({ dependsOn: { db: dependency() } })
  const { stages } = compileServices({ one, two: one, db: service() })
  expect(stages[1]).toMatchObject({
    services: ['one', 'two'],
    requires: [{ service: 'db', condition: 'started' }],
  })
})

test('orders by an optional dependency without waiting for it, and warns', () => {
  const web = service({ dependsOn: { db: dependency({ condition: 'healthy', required: false }) } })
  const compiled = compileServices({ web, db: service() })
  expect(compiled.stages).toMatchObject([{ services: ['db'] }, { services: ['web'], requires: [] }])
  expect(remarks(compiled)).toEqual(['warning OPTIONAL_DEPENDENCY services.web.depends_on.db'])
})

test('does not wait for a service without replicas', () => {
  const web = service({ dependsOn: { db: dependency() } })
  expect(compileServices({ web, db: service({ replicas: 0 }) }).stages[1]).toMatchObject({ requires: [] })
})

test('warns where a service is to be healthy and has no healthcheck in the file', () => {
  const web = service({ dependsOn: { db: dependency({ condition: 'healthy' }) } })
  expect(remarks(compileServices({ web, db: service() }))).toEqual([
    'warning HEALTHY_WITHOUT_HEALTHCHECK services.web.depends_on.db',
  ])
})
