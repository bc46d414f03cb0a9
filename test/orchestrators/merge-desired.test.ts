import { describe, expect, it } from 'vitest'
import { mergeDesired } from '../../src/orchestrators/kubernetes/cluster/merge-desired.ts'
import type { ManagedFields } from '../../src/orchestrators/kubernetes/cluster/objects.ts'

const by = (manager: string, fields: object, more: object = {}): ManagedFields => ({
  manager,
  operation: 'Update',
  fieldsV1: { 'f:spec': fields },
  ...more,
})
const ours = (fields: object) => by('tycho', fields, { operation: 'Apply' })

function merge(live: Record<string, unknown>, wanted: Record<string, unknown>, ...owners: ManagedFields[]) {
  const metadata = { name: 'demo', uid: 'u', resourceVersion: '7', managedFields: owners }
  const body = { metadata: { name: 'demo', annotations: {} }, spec: wanted }
  const { object, drops } = mergeDesired({ metadata, spec: live }, body)
  return { spec: object.spec, drops, metadata: object.metadata }
}

const exec = { exec: { command: ['true'] }, periodSeconds: 5 }
const ownsExec = { 'f:exec': { 'f:command': {} }, 'f:periodSeconds': {} }

describe('a structure that is wanted no more', () => {
  it('goes whole, with the defaults that nobody owns', () => {
    const live = { probe: { ...exec, successThreshold: 1 }, other: 1 }
    expect(merge(live, {}, ours({ 'f:probe': ownsExec }))).toMatchObject({ spec: { other: 1 }, drops: true })
  })

  it('stays where it is not ours', () => {
    expect(merge({ probe: exec }, {}, by('somebody', { 'f:probe': ownsExec }))).toMatchObject({
      spec: { probe: exec },
      drops: false,
    })
    expect(merge({ probe: exec }, {}).spec).toEqual({ probe: exec })
  })

  it('keeps the part that others own', () => {
    const live = { limits: { cpu: '1', memory: '1Gi' } }
    const owners = [
      ours({ 'f:limits': { '.': {}, 'f:cpu': {} } }),
      by('somebody', { 'f:limits': { 'f:memory': {} } }),
    ]
    expect(merge(live, {}, ...owners).spec).toEqual({ limits: { memory: '1Gi' } })
  })

  it('makes room in the same step for the one that takes its place', () => {
    const wanted = { probe: { httpGet: { port: 80 }, periodSeconds: 9 } }
    expect(merge({ probe: exec }, wanted, ours({ 'f:probe': ownsExec }))).toMatchObject({
      spec: wanted,
      drops: true,
    })
  })

  it('is looked for in the element of a list that has its key', () => {
    const live = {
      containers: [
        { name: 'sidecar', tty: true },
        { name: 'web', image: 'a', probe: exec, imagePullPolicy: 'Always' },
      ],
    }
    const fields = { '.': {}, 'f:name': {}, 'f:image': {}, 'f:probe': ownsExec }
    const merged = merge(
      live,
      { containers: [{ name: 'web', image: 'b' }] },
      ours({ 'f:containers': { 'k:{"name":"web"}': fields } }),
      by('injector', { 'f:containers': { 'k:{"name":"sidecar"}': { '.': {}, 'f:tty': {} } } }),
    )
    expect(merged.spec).toEqual({
      containers: [
        { name: 'web', image: 'b', imagePullPolicy: 'Always' },
        { name: 'sidecar', tty: true },
      ],
    })
    expect(merged.drops).toBe(true)
  })
})

describe('a list', () => {
  const step = (containerPort: number, protocol: string) => `k:${JSON.stringify({ containerPort, protocol })}`
  const ports = [
    { containerPort: 53, protocol: 'TCP' },
    { containerPort: 53, protocol: 'UDP', hostPort: 53 },
  ]

  it('is matched by all keys of its elements, and loses those that are ours alone', () => {
    const owners = ours({ 'f:ports': { [step(53, 'TCP')]: {}, [step(53, 'UDP')]: {} } })
    expect(merge({ ports }, { ports: [ports[1]] }, owners).spec).toEqual({ ports: [ports[1]] })
    const shared = by('somebody', { 'f:ports': { [step(53, 'TCP')]: {} } })
    expect(merge({ ports }, { ports: [] }, owners, shared).spec).toEqual({ ports: [ports[0]] })
  })

  it('of no keys is replaced, and goes when it is ours', () => {
    const live = { args: ['a', 'b'] }
    expect(merge(live, { args: ['c'] }, ours({ 'f:args': {} })).spec).toEqual({ args: ['c'] })
    expect(merge(live, {}, ours({ 'f:args': {} })).spec).toEqual({})
  })
})

describe('everything else', () => {
  it('is as wanted, and what nobody owns stays', () => {
    const merged = merge({ replicas: 1, revisionHistoryLimit: 10 }, { replicas: 2, paused: true })
    expect(merged).toMatchObject({
      spec: { replicas: 2, revisionHistoryLimit: 10, paused: true },
      drops: false,
    })
  })

  it('is replaced where it is owned as a whole only', () => {
    const atomic = ours({ 'f:selector': {} })
    expect(merge({ selector: { a: '1' } }, { selector: { b: '2' } }, atomic).spec).toEqual({
      selector: { b: '2' },
    })
  })

  it('has the uid and the version that were read', () => {
    expect(merge({}, {}, ours({})).metadata).toMatchObject({ name: 'demo', uid: 'u', resourceVersion: '7' })
  })
})
