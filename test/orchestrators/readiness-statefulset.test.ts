import { expect, it } from 'vitest'
import { toObservation } from '../../src/orchestrators/kubernetes/cluster/incarnation.ts'
import { kinds } from '../../src/orchestrators/kubernetes/cluster/kinds.ts'
import { type Seen, toSeen } from '../../src/orchestrators/kubernetes/cluster/seen.ts'
import type { ServiceState } from '../../src/system/readiness.ts'

const identity = { tenant: 't', namespace: 'class', name: 'demo', sid: 'sid1' }
const labels = {
  'tycho.io/sid': 'sid1',
  'tycho.io/system': 'demo',
  'tycho.io/tenant': 't',
  'tycho.io/service': 'db',
}
const counts = {
  observedGeneration: 2,
  replicas: 2,
  updatedReplicas: 2,
  readyReplicas: 2,
  updateRevision: 'db-2',
}

function seen(kind: string, name: string, metadata: object, rest: { spec?: object; status: object }): Seen {
  const known = kinds.find((candidate) => candidate.kind === kind)
  const common = { name, uid: name, namespace: 'class', resourceVersion: '1', labels }
  const object = { metadata: { ...common, ...metadata }, spec: { ...rest.spec }, status: { ...rest.status } }
  const result = known && toSeen(known, object)
  if (!result) throw new Error(`${kind} is not seen`)
  return result
}

function brokenOf(revision: string): Seen {
  const waiting = { reason: 'InvalidImageName', message: 'no such name' }
  const containerStatuses = [{ name: 'db', ready: false, restartCount: 0, state: { waiting } }]
  const controller = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db', uid: 'db', controller: true }
  const metadata = {
    labels: { ...labels, 'controller-revision-hash': revision },
    ownerReferences: [controller],
  }
  return seen('Pod', 'db-1', metadata, { status: { phase: 'Pending', containerStatuses } })
}

function stateOf(
  status: object,
  { pods = [], spec = {}, metadata = {} }: { pods?: Seen[]; spec?: object; metadata?: object } = {},
): ServiceState | undefined {
  const set = seen(
    'StatefulSet',
    'db',
    { generation: 2, ...metadata },
    { spec: { replicas: 2, ...spec }, status: { ...counts, ...status } },
  )
  const observation = toObservation(identity, [set, ...pods])
  return observation.type === 'system' ? observation.services.db : undefined
}

it('is ready when as many pods as wanted are of the present spec and ready, and no more are left', () => {
  expect(stateOf({})).toMatchObject({ readiness: 'ready', started: true, completed: false })
  for (const status of [
    { observedGeneration: 1 },
    { updatedReplicas: 1 },
    { readyReplicas: 1 },
    { availableReplicas: 1 },
    { replicas: 3 },
  ])
    expect(stateOf(status)).toMatchObject({ readiness: 'pending', reason: { code: 'ROLLING_OUT' } })
})

it('waits for the time that a pod must have been ready', () => {
  expect(stateOf({}, { spec: { minReadySeconds: 5 } })).toMatchObject({ readiness: 'pending' })
  expect(stateOf({ availableReplicas: 2 }, { spec: { minReadySeconds: 5 } })).toMatchObject({
    readiness: 'ready',
  })
})

it('is ready at once where none is wanted', () => {
  const none = { replicas: 0, updatedReplicas: 0, readyReplicas: 0 }
  expect(stateOf(none, { spec: { replicas: 0 } })).toMatchObject({ readiness: 'ready' })
})

it('fails for what is wrong with a pod of the present spec, and not for one of an earlier', () => {
  const rolling = { updatedReplicas: 1, readyReplicas: 1 }
  expect(stateOf(rolling, { pods: [brokenOf('db-2')] })).toMatchObject({
    readiness: 'failed',
    reason: { message: expect.stringContaining('no such name') },
  })
  expect(stateOf(rolling, { pods: [brokenOf('db-1')] })).toMatchObject({
    readiness: 'pending',
    reason: { code: 'ROLLING_OUT' },
  })
})

it('ends while it is being deleted', () => {
  expect(stateOf({}, { metadata: { deletionTimestamp: '2024-01-01T00:00:00Z' } })).toMatchObject({
    readiness: 'terminating',
  })
})
