// Images that are pulled beforehand, from the request to the node: a worker that dies in the middle, and an end that was
// asked for.
import { expect, it } from 'vitest'
import type { Preparation } from '../../src/api/schemas/preparation.ts'
import type { Api } from '../kit/cluster/api.ts'
import { createNamespace, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { NO_IMAGES, type Registry, startRegistry } from '../kit/registry.ts'
import { startTycho, type Tycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'

async function open() {
  await using opening = new AsyncDisposableStack()
  const namespace = opening.use(await createNamespace('prepare'))
  const api = opening.use(openApi())
  const { kubeconfig } = testCluster()
  const tycho = opening.use(await startTycho({ kubeconfig, namespace: namespace.name }))
  const opened = opening.move()
  return { tycho, api, namespace: namespace.name, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

/** A registry that answers when it is told to, and then that it has no such image. */
async function slowRegistry(): Promise<{ registry: Registry; release: () => void } & AsyncDisposable> {
  const { promise, resolve } = Promise.withResolvers<undefined>()
  const registry = await startRegistry({ source: { ...NO_IMAGES, manifest: () => promise } })
  const release = () => resolve(undefined)
  const dispose = () => {
    release()
    return registry[Symbol.asyncDispose]()
  }
  return { registry, release, [Symbol.asyncDispose]: dispose }
}

async function prepare({ send }: Tycho, image: string): Promise<Preparation> {
  const compose = `services: { web: { image: "${image}" } }`
  const { status, body } = await send<Preparation>('POST', '/v1/batches/prepare', { compose, count: 3 })
  expect(status).toBe(202)
  return body
}

const show = async ({ send }: Tycho, id: string, query = '') =>
  (await send<Preparation>('GET', `/v1/preparations/${id}${query}`)).body

async function standing(api: Api, namespace: string): Promise<string[]> {
  const places = [`/apis/apps/v1/namespaces/${namespace}/daemonsets`, `/api/v1/namespaces/${namespace}/pods`]
  const lists = await Promise.all(
    places.map((path) => api.send<{ items: { metadata: { name: string } }[] }>('GET', path)),
  )
  return lists.flatMap(({ items }) => items.map(({ metadata }) => metadata.name))
}

const pulls = ({ registry }: { registry: Registry }) =>
  waitFor('the node to ask the registry', () => registry.requests.some((one) => one.includes('manifests')))

it('goes on with another worker where one is killed, and ends once in the words of the registry', async () => {
  await using bench = await open()
  await using slow = await slowRegistry()
  const { tycho, api, namespace } = bench
  const image = `${slow.registry.host}/demo/slow:1`
  const { id } = await prepare(tycho, image)
  await pulls(slow)
  await waitFor('the node to be told', async () => (await show(tycho, id)).counts.pulling === 1)
  await tycho.workers[0]?.kill()
  tycho.startWorker()
  slow.release()
  const over = await show(tycho, id, '?wait=60')
  expect(over).toMatchObject({
    status: 'failed',
    nodes: [{ node: expect.any(String), images: [{ image, state: 'failed' }] }],
    error: { code: 'IMAGES_NOT_PREPARED', message: expect.stringMatching(/manifest .*unknown|not found/) },
  })
  expect(await standing(api, namespace)).toEqual([])
  expect((await show(tycho, id)).revision).toBe(over.revision)
})

it('that is canceled while a node pulls leaves nothing, and does not wait for the registry', async () => {
  await using bench = await open()
  await using slow = await slowRegistry()
  const { tycho, api, namespace } = bench
  const { id } = await prepare(tycho, `${slow.registry.host}/demo/slow:1`)
  await pulls(slow)
  expect(await standing(api, namespace)).toHaveLength(2)
  const { body } = await tycho.send<Preparation>('POST', `/v1/preparations/${id}/cancel?wait=30`)
  expect(body).toMatchObject({ status: 'canceled', done: true, error: { code: 'CANCELED' } })
  expect(await standing(api, namespace)).toEqual([])
})
