// What works on a swarm of one node: its kernel may have no IPVS, so ports are published in host mode.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Engine } from '../../src/orchestrators/docker/engine/engine.ts'
import { createSwarmEngine } from '../../src/orchestrators/docker/swarm/engine/engine.ts'
import type { SystemIdentity } from '../../src/system/spec.ts'
import { startEngine, type TestEngine } from '../kit/engine/engine.ts'
import { network, newIdentity, toApply } from '../kit/engine/objects.ts'
import { swarmFile, swarmService, swarmStage } from '../kit/engine/swarm-objects.ts'
import { type Watch, watch } from '../kit/engine/watch.ts'
import { waitForOk } from '../kit/http.ts'
import { waitFor } from '../kit/wait.ts'
import { anySignal } from './kit.ts'

let machine: TestEngine
let engine: Engine
let seen: Watch

beforeAll(async () => {
  machine = await startEngine({ swarm: true })
  engine = createSwarmEngine({
    address: { host: machine.url },
    subnets: ['10.201.0.0/16'],
    ports: { from: 20_000, to: 29_999 },
    publicHost: machine.host,
    log: { debug() {}, info() {}, warn() {}, error() {} },
  })
  seen = watch(engine)
  await seen.synced()
})
afterAll(async () => {
  seen?.[Symbol.dispose]()
  await engine?.close()
  await machine?.[Symbol.asyncDispose]()
})

async function gone(identity: SystemIdentity): Promise<void> {
  await waitFor('nothing to remain', async () => {
    const { remaining } = await engine.remove(identity, anySignal())
    return remaining.length === 0
  })
}

it('runs a service, publishes it in host mode, and removes it', async () => {
  const identity = newIdentity('one')
  const web = swarmService(identity, 'web', { image: 'demo/hello:latest', published: { target: 8888 } })
  const { endpoints, versions, changes } = await engine.apply(toApply(identity, swarmStage(web)), anySignal())
  expect(changes).toEqual([{ subject: 'service/one-web', action: 'created' }])
  const state = await seen.service(identity, 'web', 'readiness', ({ readiness }) => readiness === 'ready')
  expect(state.version?.of).toBe(versions.web?.of)
  await waitForOk(endpoints[0]?.url ?? '')
  const again = await engine.apply(toApply(identity, swarmStage(web), { mode: 'update' }), anySignal())
  expect(again.changes).toEqual([{ subject: 'service/one-web', action: 'unchanged' }])
  expect(await engine.list(anySignal())).toMatchObject([{ identity, services: ['web'], endpoints }])
  await gone(identity)
  await seen.until(identity, 'its end', ({ remaining }) => remaining.length === 0)
})

it('joins services on an overlay network, with configs and secrets as files', async () => {
  const identity = newIdentity('joined')
  const net = network(identity, { driver: 'overlay' })
  const config = swarmFile(identity, 'config', 'plain')
  const secret = swarmFile(identity, 'secret', 'hush')
  const on = (alias: string) => [{ network: net.name, aliases: [alias], driverOptions: {} }]
  const rights = { uid: '0', gid: '0', mode: 0o444 }
  const files = [
    { kind: 'config', file: config.name, target: '/etc/plain', ...rights },
    { kind: 'secret', file: secret.name, target: 'hush', ...rights },
  ] as const
  const db = swarmService(identity, 'db', { changes: { networks: on('db') } })
  const line =
    'until ping -c 1 db; do sleep 0.2; done; cat /etc/plain; echo; cat /run/secrets/hush; echo; sleep 3600'
  const web = swarmService(identity, 'web', { line, changes: { networks: on('web'), files: [...files] } })
  await engine.apply(toApply(identity, swarmStage(net, config, secret, db, web)), anySignal())
  await seen.service(identity, 'web', 'readiness', ({ readiness }) => readiness === 'ready')
  const said = await waitFor('its words', async () => {
    const lines = await engine.logs(
      identity,
      { service: 'web', tail: 2, since: null, follow: null },
      anySignal(),
    )
    const texts = lines ? await Array.fromAsync(lines, ({ text }) => text) : []
    return texts.includes('hush') ? texts : undefined
  })
  expect(said).toEqual(['plain', 'hush'])
  await gone(identity)
  expect(await machine.docker(['secret', 'ls', '-q'])).toBe('')
})

it('says why a service does not run', async () => {
  const identity = newIdentity('fails')
  const job = swarmService(identity, 'job', { line: 'echo so long; exit 3', restart: 'none' })
  const crash = swarmService(identity, 'crash', { line: 'exit 5' })
  const none = swarmService(identity, 'none', { image: 'demo/nowhere:1' })
  await engine.apply(toApply(identity, swarmStage(job, crash, none)), anySignal())
  const reasonOf = async (service: string) =>
    (await seen.service(identity, service, 'failure', ({ readiness }) => readiness === 'failed')).reason
  expect(await reasonOf('job')).toMatchObject({ code: 'JOB_FAILED', exitCode: 3 })
  expect(await reasonOf('crash')).toMatchObject({ code: 'CRASH_LOOP', exitCode: 5 })
  expect(await reasonOf('none')).toMatchObject({ code: 'IMAGE_PULL_FAILED' })
  expect((await engine.lastWords(identity, 'job', anySignal()))?.lines).toEqual(['so long'])
  await gone(identity)
})

it('updates what has changed, repairs what others have done, and prunes the rest', async () => {
  const identity = newIdentity('changed')
  const [a, b] = [swarmService(identity, 'a'), swarmService(identity, 'b')]
  await engine.apply(toApply(identity, swarmStage(a, b)), anySignal())
  await seen.service(identity, 'a', 'readiness', ({ readiness }) => readiness === 'ready')
  await machine.docker(['service', 'scale', '--detach', 'changed-a=2'])
  expect(await engine.differences(identity, [swarmStage(a, b)], anySignal())).toEqual([
    { subject: 'service/changed-a', message: 'was changed' },
  ])
  const next = swarmStage(a)
  const { changes } = await engine.apply(toApply(identity, next, { mode: 'update' }), anySignal())
  expect(changes).toEqual([{ subject: 'service/changed-a', action: 'configured' }])
  const fence = { job: 'job-2', sid: identity.sid, attempt: 1, check: async () => {} }
  expect(await engine.prune(identity, [next], fence, anySignal())).toEqual([
    { subject: 'service/changed-b', action: 'deleted' },
  ])
  await seen.until(identity, 'the end of b', ({ services }) => !('b' in services))
  const rests = { ...a, suspended: true, labels: { ...a.labels, 'io.tycho.suspended': 'true' } }
  await engine.apply(toApply(identity, swarmStage(rests), { mode: 'update' }), anySignal())
  await seen.service(identity, 'a', 'rest', ({ idle }) => idle === true)
  await gone(identity)
})
