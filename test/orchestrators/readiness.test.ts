import { describe, expect, it } from 'vitest'
import { toObservation } from '../../src/orchestrators/kubernetes/cluster/incarnation.ts'
import { kinds } from '../../src/orchestrators/kubernetes/cluster/kinds.ts'
import type { KubeObject } from '../../src/orchestrators/kubernetes/cluster/objects.ts'
import { type Seen, toSeen } from '../../src/orchestrators/kubernetes/cluster/seen.ts'
import type { ServiceState } from '../../src/system/readiness.ts'

const identity = { tenant: 't', namespace: 'class', name: 'demo', sid: 'sid1' }
const labels = {
  'tycho.io/sid': 'sid1',
  'tycho.io/system': 'demo',
  'tycho.io/tenant': 't',
  'tycho.io/service': 'web',
}
const revision = 'deployment.kubernetes.io/revision'

type Parts = { metadata?: Partial<KubeObject['metadata']>; spec?: object; status?: object }

function seen(name: string, kind: string, { metadata, spec, status }: Parts): Seen {
  const known = kinds.find((candidate) => candidate.kind === kind)
  const object = {
    metadata: { name, uid: `uid-${name}`, namespace: 'class', resourceVersion: '1', labels, ...metadata },
    spec: { ...spec },
    status: { ...status },
  }
  const result = known && toSeen(known, object)
  if (!result) throw new Error(`${kind} is not seen`)
  return result
}

const counts = {
  observedGeneration: 2,
  replicas: 2,
  updatedReplicas: 2,
  readyReplicas: 2,
  availableReplicas: 2,
}

const deployment = (status: object, metadata = {}, replicas = 2) =>
  seen('web', 'Deployment', {
    metadata: { generation: 2, annotations: { [revision]: '5' }, ...metadata },
    spec: { replicas },
    status,
  })

function replicaSet(name: string, number: string): Seen {
  const ownerReferences = [
    { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web', uid: 'uid-web', controller: true },
  ]
  return seen(name, 'ReplicaSet', { metadata: { annotations: { [revision]: number }, ownerReferences } })
}

function pod(name: string, owner: string, status: object, metadata = {}): Seen {
  const ownerReferences = [
    { apiVersion: 'v1', kind: 'X', name: owner, uid: `uid-${owner}`, controller: true },
  ]
  return seen(name, 'Pod', { metadata: { ownerReferences, ...metadata }, status })
}

const waiting = (reason: string, message = '') => ({
  containerStatuses: [
    { name: 'web', ready: false, restartCount: 0, state: { waiting: { reason, message } } },
  ],
})
const running = {
  phase: 'Running',
  conditions: [{ type: 'Ready', status: 'True' }],
  containerStatuses: [{ name: 'web', ready: true, state: { running: {} } }],
}

function stateOf(...objects: Seen[]): ServiceState | undefined {
  const observation = toObservation(identity, objects)
  return observation.type === 'system' ? observation.services.web : undefined
}

describe('a service that is a Deployment', () => {
  it('is ready when all pods of the present spec are available and no other is left', () => {
    expect(stateOf(deployment(counts))).toMatchObject({ readiness: 'ready', started: true, completed: false })
    for (const status of [
      { ...counts, observedGeneration: 1 },
      { ...counts, updatedReplicas: 1 },
      { ...counts, readyReplicas: 1 },
      { ...counts, availableReplicas: 1 },
      { ...counts, replicas: 3 },
      {},
    ]) {
      expect(stateOf(deployment(status))).toMatchObject({
        readiness: 'pending',
        reason: { code: 'ROLLING_OUT' },
      })
    }
  })

  it('is ready as soon as its pods are Ready, where nothing else was ever asked for, however far its controller is behind', () => {
    const first = deployment({}, { generation: 1, annotations: {} })
    const made = [first, replicaSet('rs', '1'), pod('p', 'rs', running)]
    expect(stateOf(...made)?.readiness).toBe('pending')
    expect(stateOf(...made, pod('q', 'rs', running, { deletionTimestamp: 'now' }))?.readiness).toBe('pending')
    expect(stateOf(...made, pod('q', 'rs', running))?.readiness).toBe('ready')
  })

  it('is not ready by its pods alone after a change, or where they have to be ready for a while', () => {
    const pods = [replicaSet('rs', '1'), pod('p', 'rs', running), pod('q', 'rs', running)]
    expect(
      stateOf(deployment({}, { generation: 2, annotations: { [revision]: '1' } }), ...pods)?.readiness,
    ).toBe('pending')
    const slow = seen('web', 'Deployment', {
      metadata: { generation: 1 },
      spec: { replicas: 2, minReadySeconds: 5 },
      status: {},
    })
    expect(stateOf(slow, ...pods)?.readiness).toBe('pending')
  })

  it('is ready without pods when none are wanted', () => {
    expect(stateOf(deployment({ observedGeneration: 2 }, {}, 0))?.readiness).toBe('ready')
  })

  it('is terminating when it is being deleted, or its pods are and nothing else is left', () => {
    expect(stateOf(deployment(counts, { deletionTimestamp: 'now' }))?.readiness).toBe('terminating')
    const ending = { deletionTimestamp: 'now' }
    expect(stateOf(pod('p', 'rs', running, ending))).toMatchObject({
      readiness: 'terminating',
      started: true,
    })
  })

  it('is absent, and has not started, while only what was made out of it is seen', () => {
    expect(stateOf(replicaSet('new', '5'))).toMatchObject({ readiness: 'absent', started: false })
    expect(stateOf(pod('p', 'new', {}))).toMatchObject({ readiness: 'absent', started: false })
  })

  it('has started when a container of the present rollout runs or has run', () => {
    const some = deployment({ ...counts, readyReplicas: 0 })
    expect(
      stateOf(some, replicaSet('new', '5'), pod('p', 'new', waiting('ContainerCreating')))?.started,
    ).toBe(false)
    expect(stateOf(some, replicaSet('new', '5'), pod('p', 'new', running))?.started).toBe(true)
  })

  it('is judged by the pods of its present rollout alone', () => {
    const rolling = deployment({ ...counts, updatedReplicas: 0 })
    const broken = pod('p', 'old', waiting('InvalidImageName', 'no'))
    expect(stateOf(rolling, replicaSet('old', '4'), broken)?.readiness).toBe('pending')
    expect(stateOf(rolling, replicaSet('old', '5'), broken)?.readiness).toBe('failed')
  })

  it('fails when admission refuses its pods, and waits where the quota is used up', () => {
    const refuse = (message: string) =>
      stateOf(
        deployment({
          observedGeneration: 2,
          conditions: [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message }],
        }),
      )
    expect(refuse('pods "web-1" is forbidden: violates PodSecurity "restricted"')).toMatchObject({
      readiness: 'failed',
      reason: { code: 'ADMISSION_REFUSED', message: expect.stringContaining('violates PodSecurity') },
    })
    expect(refuse('pods "web-1" is forbidden: exceeded quota: small, requested: pods=1')).toMatchObject({
      readiness: 'pending',
      reason: { code: 'QUOTA_EXCEEDED' },
    })
    const early = 'pods "web-1" is forbidden: error looking up service account class/default: not found'
    expect(refuse(early)).toMatchObject({ readiness: 'pending', reason: { code: 'PODS_NOT_CREATED' } })
  })
})

describe('a service that is a Job', () => {
  const job = (status: object, metadata = {}) =>
    seen('web', 'Job', { metadata, spec: { parallelism: 1 }, status })
  const condition = (type: string, message?: string) => ({ conditions: [{ type, status: 'True', message }] })

  it('is ready once its pod runs, and completed when it has ended well', () => {
    expect(stateOf(job({}))?.readiness).toBe('pending')
    expect(stateOf(job({}), pod('p', 'web', waiting('ContainerCreating')))?.readiness).toBe('pending')
    expect(stateOf(job({}), pod('p', 'web', running))).toMatchObject({
      readiness: 'ready',
      started: true,
      completed: false,
    })
    expect(stateOf(job(condition('Complete')))).toMatchObject({
      readiness: 'ready',
      started: true,
      completed: true,
    })
  })

  it('fails when the Job gives up, with the words of its container', () => {
    const ended = {
      containerStatuses: [{ name: 'web', state: { terminated: { exitCode: 3, reason: 'Error' } } }],
    }
    const state = stateOf(
      job(condition('Failed', 'Job has reached the specified backoff limit')),
      pod('p', 'web', ended),
    )
    expect(state).toMatchObject({ readiness: 'failed', started: true, completed: false })
    expect(state?.reason).toEqual({
      code: 'JOB_FAILED',
      exitCode: 3,
      message: 'Job has reached the specified backoff limit; it ended with code 3',
    })
  })

  it('leaves it to the Job to count crashes, but not to wait for an image that does not exist', () => {
    const crash = { name: 'web', restartCount: 9, state: { waiting: { reason: 'CrashLoopBackOff' } } }
    expect(stateOf(job({}), pod('p', 'web', { containerStatuses: [crash] }))?.readiness).toBe('pending')
    const missing = waiting('ErrImagePull', 'manifest unknown')
    expect(stateOf(job({}), pod('p', 'web', missing))?.readiness).toBe('failed')
  })

  it('is the newer one where an update has made a Deployment into a Job', () => {
    const old = deployment(counts, { creationTimestamp: '2030-01-01T00:00:00Z' })
    expect(
      stateOf(old, job({}, { creationTimestamp: '2030-01-01T00:00:09Z', uid: 'other' }))?.readiness,
    ).toBe('pending')
  })
})

describe('the version of a service', () => {
  it('is that of its workload, and changes with what is asked of it, however it stands', () => {
    expect(stateOf(deployment(counts))?.version).toEqual({ of: 'uid-web', number: 2 })
    const changed = deployment(counts, { generation: 3 })
    expect(stateOf(changed)).toMatchObject({ readiness: 'pending', version: { of: 'uid-web', number: 3 } })
    const anew = deployment(counts, { uid: 'another' })
    expect(stateOf(anew)?.version).toEqual({ of: 'another', number: 2 })
  })

  it('is that of the one seen later where both are as old', () => {
    const createdAt = { creationTimestamp: '2030-01-01T00:00:00Z' }
    const job = seen('web', 'Job', { metadata: { ...createdAt, uid: 'job' }, spec: { parallelism: 1 } })
    expect(stateOf(deployment(counts, createdAt), job)?.version?.of).toBe('job')
    expect(stateOf(job, deployment(counts, createdAt))?.version?.of).toBe('uid-web')
  })

  it('is none where nothing runs it', () => {
    expect(stateOf(pod('p', 'rs', running))?.version).toBeUndefined()
  })
})

describe('what remains of a system', () => {
  it('are all its objects, also those that are ending', () => {
    const ending = pod('p', 'rs', running, { deletionTimestamp: 'now' })
    expect(toObservation(identity, [ending, seen('demo-web', 'Service', {})])).toMatchObject({
      services: { web: { readiness: 'terminating' } },
      remaining: ['Pod/p', 'Service/demo-web'],
    })
    expect(toObservation(identity, [])).toMatchObject({ services: {}, remaining: [] })
  })
})
