// How services stand that share a pod: each by its own container.
import { describe, expect, it } from 'vitest'
import { toObservation } from '../../src/orchestrators/kubernetes/cluster/incarnation.ts'
import { kinds } from '../../src/orchestrators/kubernetes/cluster/kinds.ts'
import { type Seen, toSeen } from '../../src/orchestrators/kubernetes/cluster/seen.ts'
import type { ServiceState } from '../../src/system/readiness.ts'

const identity = { tenant: 't', namespace: 'class', name: 'demo', sid: 'sid1' }
const annotations = { 'tycho.io/services': 'web log' }
const spec = { containers: [{ name: 'web' }, { name: 'log' }] }
const controller = (name: string) => ({ apiVersion: 'v1', kind: 'X', name, uid: name, controller: true })

function seen(kind: string, name: string, service: string, metadata: object, parts: object): Seen {
  const known = kinds.find((candidate) => candidate.kind === kind)
  const labels = {
    'tycho.io/sid': 'sid1',
    'tycho.io/system': 'demo',
    'tycho.io/tenant': 't',
    'tycho.io/service': service,
  }
  const own = { name, uid: name, namespace: 'class', resourceVersion: '1', labels, ...metadata }
  const result = known && toSeen(known, { metadata: own, ...parts })
  if (!result) throw new Error(`${kind} is not seen`)
  return result
}

const revision = { 'deployment.kubernetes.io/revision': '1' }
const written = (time: string) => ({ managedFields: [{ manager: 'tycho', operation: 'Update', time }] })
const shared = (status: object, metadata: object = {}) =>
  seen(
    'Deployment',
    'web',
    'web',
    { generation: 1, annotations: revision, ...metadata },
    { spec: { replicas: 1, template: { metadata: { annotations }, spec } }, status },
  )
const replicaSet = seen(
  'ReplicaSet',
  'rs',
  'web',
  { annotations: revision, ownerReferences: [controller('web')] },
  {},
)

const up = { ready: true, state: { running: {} } }
const notReady = { ready: false, state: { running: {} } }
const crashing = {
  ready: false,
  restartCount: 5,
  state: { waiting: { reason: 'CrashLoopBackOff' } },
  lastState: { terminated: { exitCode: 3 } },
}

const pod = (web: object, log: object) =>
  seen(
    'Pod',
    'p',
    'web',
    { annotations, ownerReferences: [controller('rs')] },
    {
      spec,
      status: {
        phase: 'Running',
        conditions: [{ type: 'Ready', status: web === up && log === up ? 'True' : 'False' }],
        containerStatuses: [
          { name: 'web', ...web },
          { name: 'log', ...log },
        ],
      },
    },
  )

function statesOf(...objects: Seen[]): Record<string, ServiceState> {
  const observation = toObservation(identity, objects)
  return observation.type === 'system' ? observation.services : {}
}

const ready = {
  observedGeneration: 1,
  replicas: 1,
  updatedReplicas: 1,
  readyReplicas: 1,
  availableReplicas: 1,
}
const unready = { ...ready, readyReplicas: 0, availableReplicas: 0 }

describe('services that share a pod', () => {
  it('are ready together, and of one version', () => {
    const states = statesOf(shared(ready), replicaSet, pod(up, up))
    expect(Object.keys(states)).toEqual(['log', 'web'])
    for (const state of Object.values(states))
      expect(state).toEqual({
        readiness: 'ready',
        started: true,
        completed: false,
        version: { of: 'web', number: 1 },
      })
  })

  it('have a reason each: of its own, or that the other one keeps the pod', () => {
    const { web, log } = statesOf(shared(unready), replicaSet, pod(up, notReady))
    expect(log).toMatchObject({ readiness: 'pending', reason: { code: 'NOT_READY' } })
    expect(web).toMatchObject({
      readiness: 'pending',
      reason: { code: 'POD_NOT_READY', message: 'It is up, and its pod is ready with log' },
    })
  })

  it('fail each for itself', () => {
    const { web, log } = statesOf(shared(unready), replicaSet, pod(notReady, crashing))
    expect(log).toMatchObject({
      readiness: 'failed',
      reason: { code: 'CRASH_LOOP', message: expect.stringMatching(/^It keeps ending.*code 3/) },
    })
    expect(web?.readiness).toBe('pending')
  })

  it('are seen by their pod alone while its workload is not', () => {
    const { web, log } = statesOf(pod(up, notReady))
    expect([web?.readiness, log?.readiness]).toEqual(['absent', 'absent'])
  })
})

describe('a service that an update moves', () => {
  const own = (time: string) =>
    seen(
      'Deployment',
      'log',
      'log',
      { generation: 1, annotations: revision, ...written(time) },
      { spec: { replicas: 1 }, status: ready },
    )

  it('into the pod of another one is judged by that', () => {
    const { log } = statesOf(own('2026-01-01T00:00:05Z'), shared(unready, written('2026-01-01T00:00:09Z')))
    expect(log).toMatchObject({ readiness: 'pending', version: { of: 'web' } })
  })

  it('out of it is judged by its own, while the other one is as it was', () => {
    const { log } = statesOf(own('2026-01-01T00:00:09Z'), shared(unready, written('2026-01-01T00:00:05Z')))
    expect(log).toMatchObject({ readiness: 'ready', version: { of: 'log' } })
  })
})
