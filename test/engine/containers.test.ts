import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  attached,
  container,
  network,
  newIdentity,
  runs,
  stageOf,
  toApply,
  volume,
} from '../kit/engine/objects.ts'
import { waitFor } from '../kit/wait.ts'
import { anySignal, type Opened, openWatched, type Watched } from './kit.ts'

let both: Watched

beforeAll(async () => {
  both = await openWatched()
})
afterAll(() => both?.[Symbol.asyncDispose]())

const apply: Opened['engine']['apply'] = (...input) => both.engine.apply(...input)

async function gone(identity: ReturnType<typeof newIdentity>, volumes = false): Promise<void> {
  await waitFor('nothing to remain', async () => {
    const { remaining } = await both.engine.remove(identity, anySignal(), { volumes })
    return remaining.length === 0
  })
}

describe('a system of one container', () => {
  it('is started, seen to be ready, reached at its port, and removed', async () => {
    const identity = newIdentity('one')
    const web = container(identity, 'web', {
      image: 'demo/hello:latest',
      create: {},
      ports: [{ containerPort: 8888, protocol: 'tcp', hostIp: null, asked: null }],
    })
    const applied = await apply(toApply(identity, stageOf(web)), anySignal())
    expect(applied.changes).toEqual([{ subject: 'container/one-web-1', action: 'created' }])
    const [endpoint] = applied.endpoints
    expect(endpoint).toMatchObject({ service: 'web', containerPort: 8888, protocol: 'tcp' })
    const state = await both.seen.service(
      identity,
      'web',
      'readiness',
      ({ readiness }) => readiness === 'ready',
    )
    expect(state).toMatchObject({ started: true, completed: false, version: applied.versions.web })
    expect((await fetch(endpoint?.url ?? '')).status).toBe(200)
    await gone(identity)
    await both.seen.until(identity, 'its end', ({ remaining }) => remaining.length === 0)
    expect(await both.machine.docker(['ps', '-aq', '--filter', `name=one-web`])).toBe('')
  })

  it('is adopted when it is applied again', async () => {
    const identity = newIdentity('again')
    const web = container(identity, 'web')
    await apply(toApply(identity, stageOf(web)), anySignal())
    const { changes } = await apply(toApply(identity, stageOf(web)), anySignal())
    expect(changes).toEqual([{ subject: 'container/again-web-1', action: 'unchanged' }])
    await gone(identity)
  })

  it('is refused where a stranger has the name of its container', async () => {
    const identity = newIdentity('taken')
    await both.machine.docker(['create', '--name', 'taken-web-1', 'demo/shell:latest', 'true'])
    const stage = stageOf(container(identity, 'web'))
    await expect(apply(toApply(identity, stage), anySignal())).rejects.toMatchObject({
      code: 'OBJECT_NOT_OURS',
      message: 'container/taken-web-1 belongs to something that Tycho did not make',
      problems: [{ path: 'services.web' }],
    })
    await both.machine.docker(['rm', 'taken-web-1'])
  })
})

describe('networks and volumes', () => {
  it('join the services of a system by their names, on a /26 of the range', async () => {
    const identity = newIdentity('joined')
    const net = network(identity)
    const db = container(identity, 'db', { networks: [attached(net, 'db')] })
    const web = container(identity, 'web', {
      networks: [attached(net, 'web')],
      create: runs('ping -c 1 db && exec sleep 3600'),
    })
    await apply(toApply(identity, stageOf(net, db, web)), anySignal())
    await both.seen.service(identity, 'web', 'readiness', ({ readiness }) => readiness === 'ready')
    const subnet = await both.machine.docker([
      'network',
      'inspect',
      net.name,
      '--format',
      '{{(index .IPAM.Config 0).Subnet}}',
    ])
    expect(subnet.trim()).toMatch(/^10\.201\.\d+\.\d+\/26$/)
    await gone(identity)
    expect(await both.machine.docker(['network', 'ls', '-q', '--filter', `name=${net.name}`])).toBe('')
  })

  it('keeps named volumes from one start to the next, unless they are to go', async () => {
    const identity = newIdentity('kept')
    const data = volume(identity, 'data')
    const mounts = [{ Type: 'volume', Source: data.name, Target: '/data' }]
    const web = (line: string) =>
      container(identity, 'web', {
        create: { ...runs(line), HostConfig: { Mounts: mounts } },
      })
    await apply(toApply(identity, stageOf(data, web('echo kept > /data/file'))), anySignal())
    await both.seen.service(identity, 'web', 'its end', ({ completed }) => completed)
    await gone(identity)
    const next = newIdentity('kept')
    const again = { ...web('grep kept /data/file'), labels: container(next, 'web').labels }
    await apply(toApply(next, stageOf(data, again)), anySignal())
    await both.seen.service(next, 'web', 'its end', ({ completed }) => completed)
    await gone(next, true)
    expect(await both.machine.docker(['volume', 'ls', '-q'])).toBe('')
  })
})

describe('what is said of a service', () => {
  it('is that it failed, with its code, where it runs once and ends badly', async () => {
    const identity = newIdentity('badly')
    await apply(
      toApply(identity, stageOf(container(identity, 'job', { create: runs('exit 3') }))),
      anySignal(),
    )
    const state = await both.seen.service(
      identity,
      'job',
      'failure',
      ({ readiness }) => readiness === 'failed',
    )
    expect(state.reason).toEqual({ code: 'JOB_FAILED', message: 'It ended with code 3', exitCode: 3 })
    await gone(identity)
  })

  it('is that it keeps ending, where it is started again and again', async () => {
    const identity = newIdentity('crash')
    const web = container(identity, 'web', { create: runs('exit 5', 'always') })
    await apply(toApply(identity, stageOf(web)), anySignal())
    const state = await both.seen.service(
      identity,
      'web',
      'failure',
      ({ readiness }) => readiness === 'failed',
    )
    expect(state.reason).toMatchObject({ code: 'CRASH_LOOP', exitCode: 5 })
    expect(both.seen.all(identity).map(({ services }) => services.web?.readiness)).not.toContain('ready')
    await gone(identity)
  })

  it('is an error of the start where its program is not there', async () => {
    const identity = newIdentity('nothing')
    const web = container(identity, 'web', { create: { Entrypoint: ['/no/such/program'] } })
    await expect(apply(toApply(identity, stageOf(web)), anySignal())).rejects.toMatchObject({
      code: 'CONTAINER_START_FAILED',
      remedy: 'giveUp',
      details: { service: 'web' },
      message: expect.stringContaining('/no/such/program'),
    })
    await gone(identity)
  })
})
