import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Reason } from '../../src/system/readiness.ts'
import { container, image, newIdentity, stageOf, toApply } from '../kit/engine/objects.ts'
import { smallImage } from '../kit/engine/small-image.ts'
import { NO_IMAGES, startRegistry } from '../kit/registry.ts'
import { waitFor } from '../kit/wait.ts'
import { anySignal, type Opened, openBoth, removeAll } from './kit.ts'

let both: Opened

beforeAll(async () => {
  both = await openBoth({ arguments: ['--insecure-registry', '10.246.0.0/16'] })
})
afterAll(() => both?.[Symbol.asyncDispose]())

it('says in the words of the registry that it does not have an image', async () => {
  await using registry = await startRegistry({ hosts: [both.machine.gateway] })
  const identity = newIdentity('none')
  const name = `${both.machine.gateway}:${registry.port}/demo/none:1`
  const stage = stageOf(image(identity, name), container(identity, 'web', { image: name }))
  await expect(both.engine.apply(toApply(identity, stage), anySignal())).rejects.toMatchObject({
    message: expect.stringMatching(/^web: The image .*demo\/none:1 can't be pulled: .*manifest.*unknown/),
    details: { service: 'web' },
  })
})

it('tries again where the registry can not be reached', async () => {
  const identity = newIdentity('away')
  const stage = stageOf(image(identity, '127.0.0.1:1/demo/away:1'))
  await expect(both.engine.apply(toApply(identity, stage), anySignal())).rejects.toMatchObject({
    code: 'REGISTRY_UNAVAILABLE',
    remedy: 'retry',
  })
})

it('says that an image is missing which is never to be pulled', async () => {
  const identity = newIdentity('never')
  const stage = stageOf(image(identity, 'demo/nowhere:1', { pull: 'never' }))
  await expect(both.engine.apply(toApply(identity, stage), anySignal())).rejects.toMatchObject({
    code: 'IMAGE_PULL_FAILED',
  })
})

it('pulls an image once for all that need it, makes room meanwhile, and tells how far it is', async () => {
  const { source, release } = await smallImage()
  await using registry = await startRegistry({ hosts: [both.machine.gateway], source })
  const name = `${both.machine.gateway}:${registry.port}/demo/slow:1`
  const told: Record<string, Reason>[] = []
  const systems = ['slow', 'other'].map(newIdentity)
  const inputs = systems.map((identity) => {
    const web = container(identity, 'web', { image: name, suspended: true, create: { Cmd: ['/hello'] } })
    const tell = async (waits: Record<string, Reason>) => void told.push(waits)
    return toApply(identity, stageOf(image(identity, name), web), { tell })
  })
  const pulling = await Promise.allSettled(inputs.map((input) => both.engine.apply(input, anySignal())))
  for (const one of pulling)
    expect(one).toMatchObject({ status: 'rejected', reason: { code: 'PULLING', remedy: 'wait' } })
  const message = expect.stringContaining(`Its image ${name} is being pulled`)
  expect(told).toEqual([{ web: { code: 'PULLING', message } }, { web: { code: 'PULLING', message } }])
  release()
  const applied = await waitFor('the image', () =>
    Promise.all(inputs.map((input) => both.engine.apply(input, anySignal()))),
  )
  expect(applied.map(({ changes }) => changes.at(-1)?.action)).toEqual(['created', 'created'])
  const layers = registry.requests.filter((request) => request.includes('/blobs/'))
  expect(layers).toHaveLength(2)
  for (const identity of systems) await removeAll(both, identity)
})

it('says what the registry said, although that took longer than anybody waits', async () => {
  const answered = Promise.withResolvers<undefined>()
  const source = { ...NO_IMAGES, manifest: () => answered.promise }
  await using registry = await startRegistry({ hosts: [both.machine.gateway], source })
  const identity = newIdentity('late')
  const stage = stageOf(image(identity, `${both.machine.gateway}:${registry.port}/demo/late:1`))
  const apply = () => both.engine.apply(toApply(identity, stage), anySignal())
  await expect(apply()).rejects.toMatchObject({ code: 'PULLING' })
  answered.resolve(undefined)
  await waitFor('the failure', () =>
    apply().then(
      () => false,
      ({ code }) => code !== 'PULLING',
    ),
  )
  await expect(apply()).rejects.toMatchObject({ code: 'IMAGE_PULL_FAILED' })
  expect(registry.requests.filter((one) => one.startsWith('GET /v2/demo'))).toHaveLength(1)
})

it('prepares images on the one engine', async () => {
  const { source, release } = await smallImage()
  await using registry = await startRegistry({ hosts: [both.machine.gateway], source })
  const name = `${both.machine.gateway}:${registry.port}/demo/prepared:1`
  const pulls = [name, 'demo/shell:latest'].map((one) => ({ image: one, policy: null, where: {} }))
  const ask = () =>
    both.engine.prepare(
      { id: 'p1', namespace: 'default', tenant: 'test', pulls, before: [], check: async () => {} },
      anySignal(),
    )
  const first = await ask()
  expect(first.nodes[0]?.images.map(({ state }) => state)).toEqual(['pulling', 'present'])
  expect(first.isSettled).toBe(false)
  release()
  await waitFor('the end', async () => (await ask()).isSettled)
  expect(await both.engine.endPreparation({ id: 'p1', namespace: 'default' }, anySignal())).toEqual([])
})

it('makes a container anew when its image means another one', async () => {
  const identity = newIdentity('moved')
  const stage = stageOf(container(identity, 'web', { image: 'demo/moving:1' }))
  await both.machine.docker(['tag', 'demo/shell:latest', 'demo/moving:1'])
  await both.engine.apply(toApply(identity, stage), anySignal())
  await both.machine.docker(['tag', 'demo/counter:latest', 'demo/moving:1'])
  const { changes } = await both.engine.apply(toApply(identity, stage, { mode: 'update' }), anySignal())
  expect(changes).toEqual([{ subject: 'container/moved-web-1', action: 'recreated' }])
  await removeAll(both, identity)
})
