import { describe, expect, it } from 'vitest'
import { decide, writerOf } from '../../src/orchestrators/kubernetes/cluster/decide.ts'
import { toDesired } from '../../src/orchestrators/kubernetes/cluster/desired.ts'
import { isSameContent, movedToApply } from '../../src/orchestrators/kubernetes/cluster/managed-fields.ts'
import type { KubeObject } from '../../src/orchestrators/kubernetes/cluster/objects.ts'

const identity = { tenant: 't', namespace: 'class', name: 'demo', sid: 'sid1' }
const owner = { apiVersion: 'v1', kind: 'Service', name: 'demo--net', uid: 'owner-uid' }

function desired(kind: string, spec: Record<string, unknown>, hash = 'h1', more: object = {}) {
  const apiVersion = { Deployment: 'apps/v1', Job: 'batch/v1' }[kind] ?? 'v1'
  const metadata = { name: 'demo', annotations: { 'tycho.io/hash': hash, ...more } }
  const manifest = {
    subject: `${kind}/demo`,
    path: 'services.demo',
    body: { apiVersion, kind, metadata, spec },
  }
  return toDesired(manifest, identity, 'job2', owner)
}

function live(spec: Record<string, unknown>, metadata: Partial<KubeObject['metadata']> = {}): KubeObject {
  return {
    metadata: {
      name: 'demo',
      uid: 'uid',
      resourceVersion: '7',
      labels: { 'tycho.io/sid': 'sid1' },
      annotations: { 'tycho.io/hash': 'h1', 'tycho.io/job': 'job1' },
      ownerReferences: [{ ...owner }],
      ...metadata,
    },
    spec,
  }
}

const selector = { matchLabels: { a: 'b' } }
const deployment = desired('Deployment', { selector })

describe('an update', () => {
  it('creates what does not exist', () => {
    expect(decide(deployment, undefined, 'sid1', 'job2')).toBe('create')
  })

  it('refuses what is of another incarnation or of nobody', () => {
    expect(
      decide(deployment, live({ selector }, { labels: { 'tycho.io/sid': 'sid0' } }), 'sid1', 'job2'),
    ).toBe('refuse')
    expect(decide(deployment, live({ selector }, { labels: {} }), 'sid1', 'job2')).toBe('refuse')
  })

  it('awaits the end of what is being deleted', () => {
    expect(decide(deployment, live({ selector }, { deletionTimestamp: 'now' }), 'sid1', 'job2')).toBe('await')
  })

  it('applies an equal manifest too, because what lives may have drifted', () => {
    expect(decide(deployment, live({ selector }), 'sid1', 'job2')).toBe('apply')
  })

  it('keeps what this very job has written with this owner', () => {
    const annotations = { 'tycho.io/hash': 'h1', 'tycho.io/job': 'job2' }
    expect(decide(deployment, live({ selector }, { annotations }), 'sid1', 'job2')).toBe('keep')
    expect(decide(deployment, live({ selector }, { annotations, ownerReferences: [] }), 'sid1', 'job2')).toBe(
      'apply',
    )
  })

  it('makes anew what can not change', () => {
    expect(decide(deployment, live({ selector: { matchLabels: { a: 'c' } } }), 'sid1', 'job2')).toBe(
      'recreate',
    )
    expect(
      decide(desired('Service', { clusterIP: 'None' }), live({ clusterIP: '10.0.0.1' }), 'sid1', 'job2'),
    ).toBe('recreate')
  })

  it('makes a Job anew for what is fixed in it, and for nothing else', () => {
    const job = desired('Job', {}, 'h2', { 'tycho.io/template': 't1' })
    const of = (template: string) =>
      live({}, { annotations: { 'tycho.io/hash': 'h1', 'tycho.io/template': template } })
    expect(decide(job, of('t0'), 'sid1', 'job2')).toBe('recreate')
    expect(decide(job, of('t1'), 'sid1', 'job2')).toBe('apply')
  })

  it('names itself as the writer only of what it changes', () => {
    expect(writerOf(deployment, live({ selector }), 'job2')).toBe('job1')
    expect(writerOf(desired('Deployment', { selector }, 'h2'), live({ selector }), 'job2')).toBe('job2')
  })
})

describe('the fields that a create has written', () => {
  const entry = {
    manager: 'tycho',
    operation: 'Update',
    apiVersion: 'apps/v1',
    fieldsV1: { 'f:spec': { 'f:a': {} } },
  }
  const others = { manager: 'kube-controller-manager', operation: 'Update', fieldsV1: { 'f:status': {} } }

  it('are moved to apply, and those of others stay', () => {
    expect(movedToApply([entry, others])).toEqual([others, { ...entry, operation: 'Apply' }])
  })

  it('are joined with those that an apply has written', () => {
    const applied = { ...entry, operation: 'Apply', fieldsV1: { 'f:spec': { 'f:b': {} } } }
    expect(movedToApply([applied, entry])).toEqual([
      { ...entry, operation: 'Apply', fieldsV1: { 'f:spec': { 'f:a': {}, 'f:b': {} } } },
    ])
  })

  it('need no move where there are none', () => {
    expect(movedToApply([others, { ...entry, operation: 'Apply' }])).toBeUndefined()
    expect(movedToApply([{ ...entry, subresource: 'status' }])).toBeUndefined()
    expect(movedToApply(undefined)).toBeUndefined()
  })

  it('are no difference in content', () => {
    const moved = live({ selector }, { resourceVersion: '9', managedFields: [others] })
    expect(isSameContent(live({ selector }), moved)).toBe(true)
    expect(isSameContent(live({ selector }), live({ selector: {} }))).toBe(false)
  })
})
