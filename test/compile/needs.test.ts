// What a system takes of the cluster, read from its manifests.
import { expect, it } from 'vitest'
import { parseCompose } from '../../src/compose/parse.ts'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import { needsOf } from '../../src/orchestrators/kubernetes/compile/needs.ts'
import { readQuantity } from '../../src/orchestrators/kubernetes/quantity.ts'
import type { Exposure } from '../../src/system/endpoint.ts'
import { amountsOf, type Needs, sumNeeds } from '../../src/system/needs.ts'
import { must } from '../kit/work.ts'

function needs(compose: string, exposure: Exposure = 'nodePort'): Needs {
  const spec = must(parseCompose({ compose, env: {} }).spec)
  const identity = { tenant: 'alice', namespace: 'default', name: 'shop', sid: '0'.repeat(32) }
  const { stages, problems } = compile({ identity, spec, exposure })
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
  return needsOf(stages)
}

it('a service with a published port needs a Deployment, a Service, a pod and a node port', () => {
  const compose = 'services: { web: { image: demo/hello, ports: [80], deploy: { replicas: 1 } } }'
  expect(needs(compose)).toMatchObject({
    objects: { Deployment: 1, Service: 1 },
    pods: 1,
    nodePorts: 1,
    images: ['demo/hello'],
  })
  expect(needs(compose, 'clusterIP')).toMatchObject({ nodePorts: 0 })
  expect(needs(compose, 'loadBalancer')).toMatchObject({ nodePorts: 1 })
})

it('each copy takes what its containers ask for; what has a limit alone requests that', () => {
  const found = needs(`
services:
  web:
    image: demo/hello
    deploy: { replicas: 3, resources: { limits: { cpus: "0.5", memory: 256M }, reservations: { cpus: "0.1" } } }
`)
  expect(found).toMatchObject({
    pods: 3,
    cpuRequests: 0.3,
    cpuLimits: 1.5,
    memoryRequests: 3 * 256 * 1024 ** 2,
    memoryLimits: 3 * 256 * 1024 ** 2,
  })
})

it('what runs once counts its pods too', () => {
  const found = needs('services: { once: { image: demo/task, restart: "no" } }')
  expect(found).toMatchObject({ objects: { Job: 1 }, pods: 1 })
})

it('a named volume is a claim with its size', () => {
  const found = needs(`
services: { db: { image: demo/db, volumes: ["data:/data"] } }
volumes: { data: { x-k8s: { size: 5Gi } } }
`)
  expect(found).toMatchObject({ objects: { PersistentVolumeClaim: 1 }, storage: 5 * 1024 ** 3 })
})

it('needs add up, images each once', () => {
  const one = needs(
    'services: { web: { image: demo/a, ports: [80], deploy: { resources: { limits: { cpus: "0.1" } } } } }',
  )
  const sum = sumNeeds([
    [one, 3],
    [{ ...one, images: ['demo/b'] }, 1],
  ])
  expect(sum).toMatchObject({ objects: { Deployment: 4 }, cpuLimits: 0.4, images: ['demo/a', 'demo/b'] })
  expect(amountsOf(sum)).toMatchObject({ Deployment: 4, nodePorts: 4, pods: 4 })
})

it.each([
  ['500m', 0.5],
  ['2', 2],
  [4, 4],
  ['1Gi', 1024 ** 3],
  ['5G', 5e9],
  ['1e3', 1000],
  ['12k', 12_000],
  ['250u', 0.00025],
  ['lots', 0],
  [undefined, 0],
])('the quantity %j is %j', (text, amount) => {
  expect(readQuantity(text)).toBeCloseTo(amount, 9)
})
