// A suspended system keeps all that it has and runs nothing; a restarted one runs anew, and differs in nothing else.
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import { assumedFacts } from '../../src/orchestrators/kubernetes/facts.ts'
import type { Compiled } from '../../src/orchestrators/orchestrator.ts'
import { emptyDeploy } from '../../src/system/empty.ts'
import type { SystemSpec } from '../../src/system/spec.ts'
import { listSamples, readSample } from './golden.ts'
import { at, clusterOf, identity, service, subjects, system } from './specs.ts'

type How = { suspended?: boolean; restartedAt?: string | null }

const compiled = (spec: SystemSpec, how: How = {}, facts = assumedFacts): Compiled =>
  compile({ identity, spec, exposure: 'nodePort', ...how }, facts)

const bodies = ({ stages }: Compiled) =>
  Object.fromEntries(
    stages.flatMap(({ manifests }) => manifests).map(({ subject, body }) => [subject, structuredClone(body)]),
  )

const once = {
  restart: { condition: 'no' as const },
  deploy: { ...emptyDeploy(), mode: 'replicated-job' as const },
}

const kinds = system({
  web: service({ replicas: 3 }),
  named: service({
    extensions: { 'x-k8s': { controller: 'statefulset' } },
    expose: [{ from: 80, to: 80, protocol: 'tcp' }] as never,
  }),
  node: service({ deploy: { ...emptyDeploy(), mode: 'global' } }),
  done: service({ ...once, replicas: 2 }),
  nightly: service({ restart: { condition: 'no' }, extensions: { 'x-k8s': { schedule: '0 3 * * *' } } }),
})

describe('a suspended system', () => {
  test('runs nothing, whatever runs its services', () => {
    const suspended = compiled(kinds, { suspended: true })
    expect(at(suspended, 'Deployment/shop-web', 'spec.replicas')).toBe(0)
    expect(at(suspended, 'StatefulSet/shop-named', 'spec.replicas')).toBe(0)
    expect(at(suspended, 'DaemonSet/shop-node', 'spec.template.spec.nodeSelector')).toEqual({
      'tycho.io/suspended': 'true',
    })
    expect(at(suspended, 'Job/shop-done', 'spec')).toMatchObject({
      suspend: true,
      parallelism: 2,
      completions: 2,
    })
    expect(at(suspended, 'CronJob/shop-nightly', 'spec.suspend')).toBe(true)
  })

  test('has no Job that an older cluster would not know how to suspend', () => {
    const suspended = compiled(kinds, { suspended: true }, clusterOf(21))
    expect(at(suspended, 'Job/shop-done', 'spec')).toMatchObject({ parallelism: 0, completions: 2 })
    expect(at(suspended, 'Job/shop-done', 'spec')).not.toHaveProperty('suspend')
  })

  test('has Jobs that need not be made anew, to be suspended or to go on', () => {
    const path = 'metadata.annotations'
    const of = (how: How) => at(compiled(kinds, how), 'Job/shop-done', path) as Record<string, string>
    expect(of({ suspended: true })['tycho.io/template']).toBe(of({})['tycho.io/template'])
    expect(of({ suspended: true })['tycho.io/hash']).not.toBe(of({})['tycho.io/hash'])
  })

  test('has no autoscaler, which would bring its pods back', () => {
    const scaled = system({ web: service({ labels: { 'kompose.hpa.cpu': '50' } }) })
    expect(subjects(compiled(scaled))).toContain('HorizontalPodAutoscaler/shop-web')
    const suspended = compiled(scaled, { suspended: true })
    expect(subjects(suspended)).not.toContain('HorizontalPodAutoscaler/shop-web')
    expect(at(suspended, 'Deployment/shop-web', 'spec.replicas')).toBe(0)
  })

  test('waits for nobody: all is one stage', () => {
    const spec = system({
      web: service({ dependsOn: { db: { condition: 'healthy', required: true, restart: false } } }),
      db: service(),
    })
    expect(compiled(spec).stages).toHaveLength(2)
    const { stages } = compiled(spec, { suspended: true })
    expect(stages.map(({ services, requires }) => [services.toSorted(), requires])).toEqual([
      [['db', 'web'], []],
    ])
  })
})

describe.each(await listSamples())('samples/%s.yml', (name) => {
  test('keeps its objects and its names when it is suspended, but for autoscalers', async () => {
    const spec = await readSample(name)
    const running = compiled(spec)
    const suspended = compiled(spec, { suspended: true })
    const kept = subjects(running).filter((subject) => !subject.startsWith('HorizontalPodAutoscaler/'))
    expect(subjects(suspended).toSorted()).toEqual(kept.toSorted())
    expect(suspended.objectNames).toEqual(running.objectNames)
    expect(suspended.stages[0]?.manifests[0]?.subject).toBe(running.stages[0]?.manifests[0]?.subject)
    const before = bodies(running)
    for (const [subject, body] of Object.entries(bodies(suspended))) {
      if (/^(Service|ConfigMap|Secret|PersistentVolumeClaim|NetworkPolicy|Ingress)\//.test(subject))
        expect(body).toEqual(before[subject])
    }
  })

  test('differs when it is restarted in its pod templates alone, and in every one', async () => {
    const spec = await readSample(name)
    const restartedAt = '2026-01-01T00:00:00.000Z'
    const before = bodies(compiled(spec))
    for (const [subject, body] of Object.entries(bodies(compiled(spec, { restartedAt })))) {
      const isWorkload = /^(Deployment|StatefulSet|DaemonSet|Job|CronJob)\//.test(subject)
      const text = JSON.stringify(body)
      expect(text.includes(`"tycho.io/restarted-at":"${restartedAt}"`)).toBe(isWorkload)
      const without = JSON.parse(text, (key, value) => (ours.has(key) ? undefined : withoutEmpty(value)))
      const was = JSON.parse(JSON.stringify(before[subject]), (key, value) =>
        ours.has(key) ? undefined : withoutEmpty(value),
      )
      expect(without).toEqual(was)
    }
  })
})

const ours = new Set(['tycho.io/restarted-at', 'tycho.io/hash', 'tycho.io/template'])

/** An annotation that is taken out may leave nothing. */
function withoutEmpty(value: unknown): unknown {
  const isEmpty = typeof value === 'object' && value !== null && Object.keys(value).length === 0
  return isEmpty && !Array.isArray(value) ? undefined : value
}
