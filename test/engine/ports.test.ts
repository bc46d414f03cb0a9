import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ContainerPort } from '../../src/orchestrators/docker/objects.ts'
import { container, newIdentity, stageOf, toApply } from '../kit/engine/objects.ts'
import { waitForOk } from '../kit/http.ts'
import { anySignal, type Opened, openBoth, removeAll } from './kit.ts'

let both: Opened

beforeAll(async () => {
  both = await openBoth()
})
afterAll(() => both?.[Symbol.asyncDispose]())

const port = (asked: ContainerPort['asked']): ContainerPort => ({
  containerPort: 8888,
  protocol: 'tcp',
  hostIp: null,
  asked,
})
const at = (number: number) => ({ from: number, to: number })

function hello(name: string, ...ports: ContainerPort[]) {
  const identity = newIdentity(name)
  return {
    identity,
    stage: stageOf(container(identity, 'web', { image: 'demo/hello:latest', create: {}, ports })),
  }
}

it('publishes the port that was asked for', async () => {
  const { identity, stage } = hello('asked', port(at(8080)))
  const { endpoints, problems } = await both.engine.apply(toApply(identity, stage), anySignal())
  expect(endpoints).toMatchObject([{ port: 8080, url: `http://${both.machine.host}:8080` }])
  expect(problems).toEqual([])
  await waitForOk(endpoints[0]?.url ?? '')
  await removeAll(both, identity)
})

it('takes another one where that is taken by a container, and says by which', async () => {
  await both.machine.docker(['run', '-d', '--name', 'holder', '-p', '8081:8888', 'demo/hello:latest'])
  const { identity, stage } = hello('second', port(at(8081)))
  const { endpoints, problems } = await both.engine.apply(toApply(identity, stage), anySignal())
  const number = endpoints[0]?.port ?? 0
  expect(number).toBeGreaterThanOrEqual(20_000)
  const message = `Port 8081/tcp is taken by the container holder; it is published on ${number} instead`
  expect(problems).toEqual([{ code: 'PORT_TAKEN', severity: 'warning', path: 'services.web', message }])
  await waitForOk(endpoints[0]?.url ?? '')
  await removeAll(both, identity)
})

it('takes another one where that is taken by another program, and says so', async () => {
  const line = "require('http').createServer((_, answer) => answer.end()).listen(8082, '0.0.0.0')"
  const program = both.machine.spawnInside(process.execPath, ['-e', line])
  await waitForOk(`http://${both.machine.host}:8082`)
  const { identity, stage } = hello('third', port(at(8082)))
  const { endpoints, problems } = await both.engine.apply(toApply(identity, stage), anySignal())
  expect(problems).toMatchObject([{ message: expect.stringContaining('taken by another program') }])
  await waitForOk(endpoints[0]?.url ?? '')
  program.kill()
  await removeAll(both, identity)
})

it('takes the first free one of a range', async () => {
  const [one, other] = ['first', 'other'].map((name) => hello(name, port({ from: 8090, to: 8091 })))
  if (!one || !other) throw new Error('two were made')
  const a = await both.engine.apply(toApply(one.identity, one.stage), anySignal())
  const b = await both.engine.apply(toApply(other.identity, other.stage), anySignal())
  expect([a, b].map(({ endpoints }) => endpoints[0]?.port)).toEqual([8090, 8091])
  for (const { identity } of [one, other]) await removeAll(both, identity)
})

it('keeps a port that nobody asked for when its container or the engine is started again', async () => {
  const { identity, stage } = hello('stays', port(null))
  const { endpoints } = await both.engine.apply(toApply(identity, stage), anySignal())
  await both.machine.docker(['restart', '-t', '0', 'stays-web-1'])
  await waitForOk(endpoints[0]?.url ?? '')
  await both.machine.restart()
  const again = await both.engine.apply(toApply(identity, stage, { mode: 'update' }), anySignal())
  expect(again.endpoints).toEqual(endpoints)
  await waitForOk(endpoints[0]?.url ?? '')
  await removeAll(both, identity)
})

it('keeps it too when another container takes the place of the one that had it', async () => {
  const { identity, stage } = hello('heir', port(null))
  const { endpoints } = await both.engine.apply(toApply(identity, stage), anySignal())
  const changed = { image: 'demo/hello:latest', create: { Env: ['CHANGED=1'] }, ports: [port(null)] }
  const next = stageOf(container(identity, 'web', changed))
  const again = await both.engine.apply(toApply(identity, next, { mode: 'update' }), anySignal())
  expect(again.changes).toContainEqual(expect.objectContaining({ action: 'recreated' }))
  expect(again.endpoints).toEqual(endpoints)
  await waitForOk(endpoints[0]?.url ?? '')
  await removeAll(both, identity)
})
