import { afterAll, beforeAll, expect, it } from 'vitest'
import { LABEL } from '../../src/orchestrators/docker/labels.ts'
import {
  attached,
  container,
  files,
  network,
  newIdentity,
  runs,
  stageOf,
  toApply,
  volume,
} from '../kit/engine/objects.ts'
import { waitFor } from '../kit/wait.ts'
import { anySignal, openWatched, removeAll, type Watched } from './kit.ts'

let both: Watched

beforeAll(async () => {
  both = await openWatched()
})
afterAll(() => both?.[Symbol.asyncDispose]())

const file = (content: string, secret = false) => ({ content, mode: 0o440, uid: 7, gid: 7, secret })

it('puts files where they belong, in a container that may write nothing', async () => {
  const identity = newIdentity('files')
  const all = files(identity, { 'site/index.html': file('page'), token: file('hush', true) })
  const mounts = [
    { files: all.name, key: 'site', target: '/site', readOnly: true },
    { files: all.name, key: 'token', target: '/run/secrets/token', readOnly: true },
  ]
  const script = 'grep -q page /site/index.html && grep -q hush /run/secrets/token && ls -ln /run/secrets'
  const create = runs(script)
  const host = { ...(create.HostConfig as object), ReadonlyRootfs: true }
  const web = container(identity, 'web', { files: mounts, create: { ...create, HostConfig: host } })
  const { changes } = await both.engine.apply(toApply(identity, stageOf(all, web)), anySignal())
  expect(changes[0]).toEqual({ subject: `volume/${all.name}`, action: 'created' })
  await both.seen.service(identity, 'web', 'its end', ({ completed }) => completed)
  expect(await both.machine.docker(['logs', 'files-web-1'])).toMatch(/-r--r-----\s+1 7\s+7\s+4 .*token/)
  const again = await both.engine.apply(toApply(identity, stageOf(all, web)), anySignal())
  expect(again.changes.map(({ action }) => action)).toEqual(['unchanged', 'unchanged'])
  await removeAll(both, identity)
  expect(await both.machine.docker(['volume', 'ls', '-q'])).toBe('')
})

it('replaces what has changed, leaves the rest, and prunes what is not wanted any more', async () => {
  const identity = newIdentity('changed')
  const net = network(identity)
  const [a, b, c] = ['a', 'b', 'c'].map((name) =>
    container(identity, name, { networks: [attached(net, name)] }),
  )
  if (!a || !b || !c) throw new Error('three were made')
  const data = volume(identity, 'data')
  await both.engine.apply(toApply(identity, stageOf(net, data, a, b, c)), anySignal())
  const next = stageOf(net, data, a, { ...b, create: { ...b.create, Env: ['NEW=1'] } })
  const { changes, versions } = await both.engine.apply(
    toApply(identity, next, { mode: 'update' }),
    anySignal(),
  )
  expect(Object.fromEntries(changes.map(({ subject, action }) => [subject, action]))).toEqual({
    'network/changed_default': 'unchanged',
    'volume/changed_data': 'unchanged',
    'container/changed-a-1': 'unchanged',
    'container/changed-b-1': 'recreated',
  })
  await both.seen.service(
    identity,
    'b',
    'the new one',
    ({ readiness, version }) => readiness === 'ready' && version?.number === versions.b?.number,
  )
  const fence = { job: 'job-2', sid: identity.sid, attempt: 1, check: async () => {} }
  expect(await both.engine.prune(identity, [next], fence, anySignal())).toEqual([
    { subject: 'container/changed-c-1', action: 'deleted' },
  ])
  await both.seen.until(identity, 'the end of c', ({ services }) => !('c' in services))
  await removeAll(both, identity, { volumes: true })
})

it('repairs what somebody else has done, and says before what it was', async () => {
  const identity = newIdentity('drift')
  const net = network(identity)
  const [stopped, paused, off, limited, gone] = ['stopped', 'paused', 'off', 'limited', 'gone'].map((name) =>
    container(identity, name, {
      networks: [attached(net, name)],
      create: { ...runs('sleep 3600', 'always'), StopTimeout: 0 },
    }),
  )
  const stage = stageOf(net, ...[stopped, paused, off, limited, gone].flatMap((one) => one ?? []))
  await both.engine.apply(toApply(identity, stage), anySignal())
  const before = await both.seen.until(
    identity,
    'five services',
    ({ services }) => Object.keys(services).length === 5,
  )
  const { docker } = both.machine
  await docker(['stop', '-t', '0', 'drift-stopped-1'])
  await docker(['pause', 'drift-paused-1'])
  await docker(['network', 'disconnect', net.name, 'drift-off-1'])
  await docker(['update', '--restart', 'no', 'drift-limited-1'])
  await docker(['rm', '-f', 'drift-gone-1'])
  await both.seen.until(identity, 'another stamp', ({ stamp }) => stamp !== before.stamp)
  await both.seen.service(
    identity,
    'stopped',
    'that it was stopped',
    ({ readiness }) => readiness === 'absent',
  )
  await both.seen.service(identity, 'paused', 'that it is paused', ({ reason }) => reason?.code === 'PAUSED')
  expect(await both.engine.differences(identity, [stage], anySignal())).toEqual([
    { subject: 'container/drift-off-1', message: 'was changed: it was taken off the network drift_default' },
    { subject: 'container/drift-limited-1', message: 'was changed: RestartPolicy is no instead of always' },
    { subject: 'container/drift-gone-1', message: 'was deleted' },
  ])
  const { changes } = await both.engine.apply(toApply(identity, stage, { mode: 'update' }), anySignal())
  expect(changes.map(({ action }) => action)).toEqual([
    'unchanged',
    'configured',
    'configured',
    'recreated',
    'recreated',
    'created',
  ])
  expect(await both.engine.differences(identity, [stage], anySignal())).toEqual([])
  await removeAll(both, identity)
})

it('rests while it is suspended, and is listed from its labels alone', async () => {
  const identity = newIdentity('rests')
  const web = container(identity, 'web')
  await both.engine.apply(toApply(identity, stageOf(web)), anySignal())
  const rests = { ...web, suspended: true, labels: { ...web.labels, 'io.tycho.suspended': 'true' } }
  await both.engine.apply(toApply(identity, stageOf(rests), { mode: 'update' }), anySignal())
  await both.seen.service(
    identity,
    'web',
    'rest',
    ({ idle, readiness }) => idle === true && readiness !== 'ready',
  )
  expect(await both.engine.list(anySignal())).toMatchObject([
    { identity, job: 'job-1', suspended: true, services: ['web'], objects: [{ name: 'rests-web-1' }] },
  ])
  await removeAll(both, identity)
  expect(await both.engine.list(anySignal())).toEqual([])
})

it('replaces copies one after the other, each when the one before is ready', async () => {
  const identity = newIdentity('rolling')
  const copies = (line: string) =>
    stageOf(
      ...[1, 2].map((copy) =>
        container(identity, 'web', {
          name: `rolling-web-${copy}`,
          create: {
            ...runs(line),
            Healthcheck: { Test: ['CMD', 'test', '-e', '/ok'], Interval: 1e9, Timeout: 1e9, Retries: 1 },
          },
        }),
      ),
    )
  const wait = 'trap "exit 0" TERM; sleep 3600 & wait'
  await both.engine.apply(toApply(identity, copies(`touch /ok; ${wait}`)), anySignal())
  await both.seen.service(identity, 'web', 'readiness', ({ readiness }) => readiness === 'ready')
  const next = toApply(identity, copies(wait), { mode: 'update' })
  await expect(both.engine.apply(next, anySignal())).rejects.toMatchObject({
    code: 'ROLLING_OUT',
    remedy: 'wait',
  })
  const { docker } = both.machine
  await docker(['exec', 'rolling-web-2', 'test', '-e', '/ok'])
  await docker(['exec', 'rolling-web-1', 'touch', '/ok'])
  const { changes } = await waitFor('the second copy', () => both.engine.apply(next, anySignal()))
  expect(changes.map(({ action }) => action)).toEqual(['unchanged', 'recreated'])
  await expect(docker(['exec', 'rolling-web-2', 'test', '-e', '/ok'])).rejects.toThrow()
  await removeAll(both, identity)
})

it('runs what is to be run after a start and before a stop', async () => {
  const identity = newIdentity('hooks')
  const data = volume(identity, 'data')
  const create = runs('trap "exit 0" TERM; sleep 3600 & wait')
  const mounts = [{ Type: 'volume', Source: data.name, Target: '/data' }]
  const host = { ...(create.HostConfig as object), Mounts: mounts }
  const preStop = JSON.stringify([{ Cmd: ['sh', '-c', 'echo before >> /data/told'] }])
  const web = container(identity, 'web', {
    create: { ...create, HostConfig: host },
    postStart: [{ Cmd: ['sh', '-c', 'echo $WHO >> /data/told'], Env: ['WHO=after'] }],
  })
  web.labels = { ...web.labels, [LABEL.preStop]: preStop }
  await both.engine.apply(toApply(identity, stageOf(data, web)), anySignal())
  await removeAll(both, identity)
  const read = ['run', '--rm', '-v', `${data.name}:/data`, 'demo/shell:latest', 'cat', '/data/told']
  expect(await both.machine.docker(read)).toBe('after\nbefore\n')
  const failing = { ...web, postStart: [{ Cmd: ['false'] }] }
  await expect(
    both.engine.apply(toApply(identity, stageOf(data, failing)), anySignal()),
  ).rejects.toMatchObject({ code: 'HOOK_FAILED', details: { service: 'web', exitCode: 1 } })
  await removeAll(both, identity, { volumes: true })
})
