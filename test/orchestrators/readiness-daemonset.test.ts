import { expect, it } from 'vitest'
import { kinds } from '../../src/orchestrators/kubernetes/cluster/kinds.ts'
import { daemonSetReadiness } from '../../src/orchestrators/kubernetes/cluster/readiness-daemonset.ts'
import { type Seen, toSeen } from '../../src/orchestrators/kubernetes/cluster/seen.ts'

const labels = {
  'tycho.io/sid': 'sid1',
  'tycho.io/system': 'demo',
  'tycho.io/tenant': 't',
  'tycho.io/service': 'agent',
}

function seen(kind: string, metadata: object, status: object): Seen {
  const known = kinds.find((candidate) => candidate.kind === kind)
  const common = { name: 'agent', uid: kind, namespace: 'class', resourceVersion: '1', labels }
  const object = { metadata: { ...common, ...metadata }, status: { ...status } }
  const result = known && toSeen(known, object)
  if (!result) throw new Error(`${kind} is not seen`)
  return result
}

const counts = {
  observedGeneration: 2,
  desiredNumberScheduled: 3,
  updatedNumberScheduled: 3,
  numberReady: 3,
  numberAvailable: 3,
}
const brokenOf = (template: string) =>
  seen(
    'Pod',
    { labels: { ...labels, 'pod-template-generation': template } },
    {
      phase: 'Pending',
      containerStatuses: [
        {
          name: 'agent',
          ready: false,
          restartCount: 0,
          state: { waiting: { reason: 'InvalidImageName', message: 'no such name' } },
        },
      ],
    },
  )

function stateOf(status: object, pods: Seen[] = [], metadata: object = {}) {
  const daemonSet = seen('DaemonSet', { generation: 2, ...metadata }, { ...counts, ...status })
  if (daemonSet.kind !== 'DaemonSet') throw new Error(`${daemonSet.kind} is no DaemonSet`)
  return daemonSetReadiness(
    daemonSet,
    pods.filter((pod) => pod.kind === 'Pod'),
  )
}

it('is ready when every node has an available pod of the present spec', () => {
  expect(stateOf({})).toMatchObject({ readiness: 'ready', started: true, completed: false })
  for (const status of [
    { observedGeneration: 1 },
    { updatedNumberScheduled: 2 },
    { numberReady: 2 },
    { numberAvailable: 2 },
  ])
    expect(stateOf(status)).toMatchObject({ readiness: 'pending', reason: { code: 'ROLLING_OUT' } })
})

it('is ready at once where no node should have one', () => {
  const none = { desiredNumberScheduled: 0, updatedNumberScheduled: 0, numberReady: 0, numberAvailable: 0 }
  expect(stateOf(none)).toMatchObject({ readiness: 'ready' })
})

const annotations = { 'deprecated.daemonset.template.generation': '2' }
const rolling = { updatedNumberScheduled: 1, numberReady: 2, numberAvailable: 2 }

it('fails for what is wrong with a pod of the present spec while others are not replaced yet', () => {
  expect(stateOf(rolling, [brokenOf('2')], { annotations })).toMatchObject({
    readiness: 'failed',
    reason: { message: expect.stringContaining('no such name') },
  })
})

it('says nothing of what is wrong with a pod of an earlier spec', () => {
  expect(stateOf(rolling, [brokenOf('1')], { annotations })).toMatchObject({
    readiness: 'pending',
    reason: { code: 'ROLLING_OUT' },
  })
})

it('takes all pods for those of the present spec once none else can be there', () => {
  expect(stateOf({ numberReady: 2, numberAvailable: 2 }, [brokenOf('2')])).toMatchObject({
    readiness: 'failed',
  })
  expect(stateOf(rolling, [brokenOf('2')])).toMatchObject({ readiness: 'pending' })
})

it('ends while it is being deleted', () => {
  expect(stateOf({}, [], { deletionTimestamp: '2024-01-01T00:00:00Z' })).toMatchObject({
    readiness: 'terminating',
  })
})
