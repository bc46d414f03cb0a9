// `pre_start` once for a service: a Job before its workload.
import { describe, expect, test } from 'vitest'
import { emptyDeploy, emptyNamespaces } from '../../src/system/empty.ts'
import { DEFAULT_POLICY } from '../../src/system/policy.ts'
import type { Hook } from '../../src/system/process.ts'
import type { ServiceSpec } from '../../src/system/spec.ts'
import { at, compileServices, dependency, healthcheck, remarks, service, subjects } from './specs.ts'

const GATE = 'Job/shop--pre-start-web'
const POD = 'spec.template.spec'

function step(command: string[], given: Partial<Hook> = {}): Hook {
  const none = { image: null, user: null, privileged: false, workingDir: null, environment: {} }
  return { command, ...none, perReplica: false, ...given }
}

const prepared = (preStart: Hook[], given: Partial<ServiceSpec> = {}) =>
  service({ hooks: { preStart, postStart: [], preStop: [] }, ...given })

const stagesOf = (compiled: ReturnType<typeof compileServices>) =>
  compiled.stages.map(({ services, requires }) => [services, requires])

describe('what runs once before a service', () => {
  test('is a stage of its own, whose end the workload waits for', () => {
    const compiled = compileServices({ web: prepared([step(['migrate'])]) })
    expect(subjects(compiled)).toEqual(['Service/shop--net', GATE, 'Deployment/shop-web'])
    expect(stagesOf(compiled)).toEqual([
      [['web/pre_start'], []],
      [['web'], [{ service: 'web/pre_start', condition: 'completed' }]],
    ])
    expect(compiled.objectNames).toEqual(['shop--net', 'shop-web', 'shop--pre-start-web'])
    expect(remarks(compiled)).toEqual([])
  })

  test('waits for what the service waits for', () => {
    const dependsOn = { db: dependency({ condition: 'healthy' }) }
    const compiled = compileServices({
      web: prepared([step(['migrate'])], { dependsOn }),
      db: service({ healthcheck: healthcheck() }),
    })
    const isHealthy = { service: 'db', condition: 'healthy' }
    expect(stagesOf(compiled)).toEqual([
      [['db'], []],
      [['web/pre_start'], [isHealthy]],
      [['web'], [isHealthy, { service: 'web/pre_start', condition: 'completed' }]],
    ])
  })

  test('runs step by step, each tried once, with what the service has', () => {
    const steps = [step(['one']), step(['each'], { perReplica: true }), step(['two'], { image: 'tools:1' })]
    const compiled = compileServices({
      web: prepared(steps, {
        environment: { A: '1' },
        shmSizeBytes: 1024,
        replicas: 3,
        extraHosts: { h: ['10.0.0.1'] },
      }),
      db: service(),
    })
    expect(at(compiled, GATE, 'spec')).toMatchObject({ parallelism: 1, completions: 1, backoffLimit: 0 })
    const volumeMounts = [{ name: 'shm', mountPath: '/dev/shm' }]
    expect(at(compiled, GATE, POD)).toMatchObject({
      restartPolicy: 'Never',
      hostAliases: [{ ip: '10.0.0.1', hostnames: ['h'] }],
      dnsPolicy: 'None',
      initContainers: [
        { name: 'pre-start--0', args: ['one'], env: [{ name: 'A', value: '1' }], volumeMounts },
      ],
      containers: [{ name: 'pre-start--2', args: ['two'], image: 'tools:1', volumeMounts }],
    })
    const own = at(compiled, 'Deployment/shop-web', `${POD}.initContainers`)
    expect(own).toMatchObject([{ name: 'pre-start--1', args: ['each'] }])
  })

  test('is found neither by the name of the service nor by its V1Service', () => {
    const compiled = compileServices({ web: prepared([step(['migrate'])]), db: service() })
    expect(at(compiled, GATE, POD)).not.toHaveProperty('hostname')
    const labels = at(compiled, GATE, 'spec.template.metadata.labels')
    expect(labels).toMatchObject({ 'tycho.io/gate': 'web', 'tycho.io/sid': expect.any(String) })
    expect(labels).not.toHaveProperty('tycho.io/service')
  })

  test('has the networks of the service, and a policy of its own', () => {
    const namespaces = { ...emptyNamespaces(), network: { kind: 'none' as const } }
    const compiled = compileServices({ web: prepared([step(['migrate'])], { namespaces }) })
    expect(at(compiled, 'NetworkPolicy/shop--pre-start-web', 'spec')).toEqual({
      podSelector: { matchLabels: { 'tycho.io/sid': expect.any(String), 'tycho.io/gate': 'web' } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [],
      egress: [],
    })
    expect(at(compiled, GATE, 'spec.template.metadata.labels')).toHaveProperty('tycho.io/egress', 'none')
    const isolated = compileServices(
      { web: prepared([step(['migrate'])]) },
      { policy: { ...DEFAULT_POLICY, isolate: true } },
    )
    expect(at(isolated, 'NetworkPolicy/shop--pre-start-web', 'spec.policyTypes')).toEqual(['Ingress'])
  })

  test('runs where the service may, but not spread as its copies are', () => {
    const placement = { constraints: ['node.labels.disk == ssd'], spread: [], maxReplicasPerNode: 1 }
    const compiled = compileServices({
      web: prepared([step(['migrate'])], { deploy: { ...emptyDeploy(), placement } }),
    })
    const affinity = at(compiled, GATE, `${POD}.affinity`)
    expect(affinity).toHaveProperty('nodeAffinity')
    expect(affinity).not.toHaveProperty('podAntiAffinity')
  })

  test('is left out where the service has no copies', () => {
    const compiled = compileServices({ web: prepared([step(['migrate'])], { replicas: 0 }) })
    expect(subjects(compiled)).toEqual(['Deployment/shop-web'])
  })

  test('comes before the pod that the service shares', () => {
    const namespaces = { ...emptyNamespaces(), network: { kind: 'service' as const, service: 'web' } }
    const given = { namespaces, dependsOn: { web: dependency() }, restart: { condition: 'unset' } } as const
    const compiled = compileServices({ web: service(), log: prepared([step(['prepare'])], given) })
    expect(stagesOf(compiled)).toEqual([
      [['log/pre_start'], []],
      [['web', 'log'], [{ service: 'log/pre_start', condition: 'completed' }]],
    ])
  })
})
