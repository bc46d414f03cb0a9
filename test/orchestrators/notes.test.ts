// What events tell of a pod, before and after the pod itself is seen.
import { expect, it } from 'vitest'
import { createIncarnations } from '../../src/orchestrators/kubernetes/cluster/incarnations.ts'
import { kinds } from '../../src/orchestrators/kubernetes/cluster/kinds.ts'
import type { KubeObject } from '../../src/orchestrators/kubernetes/cluster/objects.ts'
import { toSeenEvent } from '../../src/orchestrators/kubernetes/cluster/seen-event.ts'
import { must } from '../kit/work.ts'

const labels = {
  'tycho.io/sid': 'sid1',
  'tycho.io/system': 'demo',
  'tycho.io/service': 'web',
  'tycho.io/tenant': 't',
}
const metadataOf = (uid: string) => ({ name: uid, uid, namespace: 'class', resourceVersion: '1', labels })
const kind = (name: string) => must(kinds.find((one) => one.kind === name))
const job: KubeObject = { metadata: metadataOf('job'), spec: {}, status: {} }
const making = { name: 'web', state: { waiting: { reason: 'ContainerCreating' } } }
const pod: KubeObject = {
  metadata: {
    ...metadataOf('pod'),
    ownerReferences: [{ apiVersion: 'batch/v1', kind: 'Job', name: 'job', uid: 'job', controller: true }],
  },
  spec: { containers: [{ name: 'web', image: 'demo/hello' }] },
  status: { phase: 'Pending', containerStatuses: [making] },
}
const event = (more: object) =>
  must(toSeenEvent({ metadata: metadataOf('event'), message: 'words', ...more } as KubeObject))
const pulling = event({
  reason: 'Pulling',
  involvedObject: { uid: 'pod', fieldPath: 'spec.containers{web}' },
})

function open() {
  const changed: string[] = []
  const incarnations = createIncarnations((key) => changed.push(key))
  const reason = () => {
    const told = incarnations.observe('class/sid1')
    return told?.type === 'system' ? told.services.web?.reason : undefined
  }
  return { changed, incarnations, reason }
}

it('an event that comes before its pod is remembered', () => {
  const { incarnations, reason } = open()
  incarnations.tell(pulling)
  incarnations.put(kind('Job'), job)
  incarnations.put(kind('Pod'), pod)
  expect(reason()?.code).toBe('PULLING')
})

it('an event that comes after its pod changes what is told', () => {
  const { changed, incarnations, reason } = open()
  incarnations.put(kind('Job'), job)
  incarnations.put(kind('Pod'), pod)
  expect(reason()?.code).toBe('STARTING')
  changed.length = 0
  incarnations.tell(pulling)
  expect(changed).toEqual(['class/sid1'])
  expect(reason()?.code).toBe('PULLING')
})

it('the same mount that fails again counts by what the event itself counts', () => {
  const { incarnations, reason } = open()
  incarnations.put(kind('Job'), job)
  incarnations.put(kind('Pod'), pod)
  const failing = (count: number) =>
    event({ reason: 'FailedMount', count, involvedObject: { uid: 'pod' }, message: 'secret "s" not found' })
  incarnations.tell(failing(1))
  incarnations.tell(failing(2))
  expect(reason()?.code).toBe('STARTING')
  incarnations.tell(failing(3))
  expect(reason()?.code).toBe('MOUNT_FAILED')
})

it('a Job whose pods can not be created says why, until it has one', () => {
  const { incarnations, reason } = open()
  incarnations.put(kind('Job'), job)
  incarnations.tell(
    event({ reason: 'FailedCreate', involvedObject: { uid: 'job' }, message: 'exceeded quota: small' }),
  )
  expect(reason()?.code).toBe('QUOTA_EXCEEDED')
  incarnations.put(kind('Pod'), pod)
  expect(reason()?.code).toBe('STARTING')
})
