// How a service of a swarm stands, of what its manager says of its tasks.
import { expect, it } from 'vitest'
import type { LiveService, LiveTask } from '../../../src/orchestrators/docker/swarm/engine/live.ts'
import { swarmStanding } from '../../../src/orchestrators/docker/swarm/engine/tasks.ts'

const now = Date.parse('2026-01-01T00:01:00Z')
const template = { ContainerSpec: { Image: 'web:1' }, RestartPolicy: { Condition: 'any' } }
const service: LiveService = {
  ID: 's1',
  Version: { Index: 7 },
  CreatedAt: '2026-01-01T00:00:00Z',
  Spec: {
    Name: 'app-web',
    TaskTemplate: { ...template, Runtime: 'container' },
    Mode: { Replicated: { Replicas: 1 } },
  },
}

const task = (State: string, more: Partial<LiveTask['Status']> = {}): LiveTask => ({
  ID: `t${Math.random()}`,
  ServiceID: 's1',
  CreatedAt: '2026-01-01T00:00:10Z',
  Spec: template,
  DesiredState: 'running',
  Status: { State, Timestamp: '2026-01-01T00:00:20Z', ContainerStatus: { ContainerID: 'c' }, ...more },
})

const state = (...tasks: LiveTask[]) => swarmStanding(service, tasks, now)

it('is ready when as many tasks run as are wanted', () => {
  expect(state(task('running'))).toMatchObject({ readiness: 'ready', version: { of: 's1', number: 7 } })
  expect(state(task('pending', { Err: 'no suitable node' })).reason?.code).toBe('UNSCHEDULABLE')
})

it('waits while a port is taken, because the swarm tries again', () => {
  const Err =
    'starting container failed: driver failed: Bind for 0.0.0.0:80 failed: port is already allocated'
  expect(state(task('failed', { Err }))).toMatchObject({
    readiness: 'pending',
    reason: { code: 'RESTARTING' },
  })
  const other = 'starting container failed: OCI runtime create failed: no such file'
  expect(state(task('failed', { Err: other }))).toMatchObject({
    readiness: 'failed',
    reason: { code: 'CONTAINER_START_FAILED' },
  })
})

it('waits while a node has the addresses of its network for another one, because the swarm tries again', () => {
  const Err = 'Pool overlaps with other one on this address space'
  expect(state(task('rejected', { Err }))).toMatchObject({
    readiness: 'pending',
    reason: { code: 'RESTARTING' },
  })
})

it('says nothing of tasks of an earlier version', () => {
  const before = { ...task('failed'), Spec: { ContainerSpec: { Image: 'web:0' } } }
  expect(state(before, before, before, before, task('running')).readiness).toBe('ready')
})
