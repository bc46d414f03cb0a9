import { expect, it } from 'vitest'
import { toObservation } from '../../src/orchestrators/kubernetes/cluster/incarnation.ts'
import { kindOf, servedIn } from '../../src/orchestrators/kubernetes/cluster/kinds.ts'
import { type Seen, toSeen } from '../../src/orchestrators/kubernetes/cluster/seen.ts'
import type { ServiceState } from '../../src/system/readiness.ts'

const identity = { tenant: 't', namespace: 'class', name: 'demo', sid: 'sid1' }
const labels = {
  'tycho.io/sid': 'sid1',
  'tycho.io/system': 'demo',
  'tycho.io/tenant': 't',
  'tycho.io/service': 'backup',
}
const templateOf = (hash: string) => ({ annotations: { 'tycho.io/template': hash } })

function seen(kind: string, name: string, metadata: object, rest: { spec?: object; status?: object }): Seen {
  const known = kindOf('batch/v1', kind)
  const common = { name, uid: name, namespace: 'class', resourceVersion: '1', labels }
  const object = { metadata: { ...common, ...metadata }, spec: { ...rest.spec }, status: { ...rest.status } }
  const result = known && toSeen(known, object)
  if (!result) throw new Error(`${kind} is not seen`)
  return result
}

const cronJob = (metadata: object = {}) =>
  seen('CronJob', 'backup', metadata, { spec: { jobTemplate: { metadata: templateOf('b') } } })

function run(at: number, type: 'Complete' | 'Failed' | null, template = 'b'): Seen {
  const controller = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    name: 'backup',
    uid: 'backup',
    controller: true,
  }
  const metadata = {
    ...templateOf(template),
    ownerReferences: [controller],
    creationTimestamp: `2024-01-01T00:0${at}:00Z`,
  }
  const conditions = type ? [{ type, status: 'True', message: 'it gave up' }] : []
  return seen('Job', `backup-${at}`, metadata, { status: { conditions } })
}

function stateOf(...objects: Seen[]): ServiceState | undefined {
  const observation = toObservation(identity, objects)
  return observation.type === 'system' ? observation.services.backup : undefined
}

it('is ready and started before its first run, and while one is under way', () => {
  const ready = { readiness: 'ready', started: true, completed: false }
  expect(stateOf(cronJob())).toMatchObject(ready)
  expect(stateOf(cronJob(), run(1, null))).toMatchObject(ready)
  expect(stateOf(run(1, 'Complete'), cronJob())).toMatchObject(ready)
})

it('is failed from a run that fails until one ends well', () => {
  const failed = { readiness: 'failed', reason: { code: 'JOB_FAILED', message: 'Its last run: it gave up' } }
  expect(stateOf(cronJob(), run(2, 'Failed'), run(1, 'Complete'))).toMatchObject(failed)
  expect(stateOf(cronJob(), run(2, 'Failed'), run(3, null))).toMatchObject(failed)
  expect(stateOf(cronJob(), run(2, 'Failed'), run(3, 'Complete'))).toMatchObject({ readiness: 'ready' })
})

it('says nothing of a run of an earlier spec', () => {
  expect(stateOf(cronJob(), run(2, 'Failed', 'a'))).toMatchObject({ readiness: 'ready' })
})

it('ends while it is being deleted', () => {
  expect(stateOf(cronJob({ deletionTimestamp: '2024-01-01T00:00:00Z' }), run(1, 'Failed'))).toMatchObject({
    readiness: 'terminating',
  })
})

it('is asked for under the version that the server has', () => {
  const kind = kindOf('batch/v1beta1', 'CronJob')
  if (!kind) throw new Error('no CronJobs')
  expect([20, 21, 34].map((minor) => servedIn(kind, minor).apiVersion)).toEqual([
    'batch/v1beta1',
    'batch/v1',
    'batch/v1',
  ])
})

it('is the state of each service of its pods', () => {
  const template = {
    metadata: { annotations: { 'tycho.io/services': 'backup watch' } },
    spec: { containers: [{ name: 'backup' }, { name: 'watch' }] },
  }
  const made = seen('CronJob', 'backup', {}, { spec: { jobTemplate: { spec: { template } } } })
  const observation = toObservation(identity, [made])
  expect(observation).toMatchObject({
    services: { backup: { readiness: 'ready' }, watch: { readiness: 'ready' } },
  })
})

it('is asked nothing else by its own runs, and by a change of its schedule it is', () => {
  const stampOf = (...objects: Seen[]) => {
    const observation = toObservation(identity, objects)
    return observation.type === 'system' ? observation.stamp : undefined
  }
  const stamp = stampOf(cronJob({ generation: 1 }))
  expect(stampOf(cronJob({ generation: 1 }), run(1, 'Complete'), run(2, null))).toBe(stamp)
  expect(stampOf(cronJob({ generation: 2 }))).not.toBe(stamp)
})
