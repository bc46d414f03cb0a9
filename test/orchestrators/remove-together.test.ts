// Removing many systems at the same time: what it costs the API server to find what stands of them.
import { expect, it } from 'vitest'
import { createKubernetesOrchestrator } from '../../src/orchestrators/kubernetes/orchestrator.ts'
import { type Call, json, startApiServer } from '../kit/api-server.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
const { signal } = new AbortController()

const identityOf = (sid: string) => ({ tenant: 't', namespace: 'class', name: sid, sid })

const isListOf = (plural: string) => (call: Call) => call.method === 'GET' && call.path.endsWith(`/${plural}`)

/** An API server in which each of the systems is one Deployment with a pod that runs; what is deleted is gone. */
async function openCluster(sids: readonly string[]) {
  await using opening = new AsyncDisposableStack()
  const standing = new Set(sids)
  const objectOf = (sid: string) => ({
    metadata: { name: sid, namespace: 'class', uid: sid, labels: { 'tycho.io/sid': sid } },
  })
  const podOf = (sid: string) => ({
    metadata: { ...objectOf(sid).metadata, ownerReferences: [{ uid: sid, controller: true }] },
    status: { phase: 'Running' },
  })
  const server = opening.use(
    await startApiServer((call, response) => {
      if (call.method === 'DELETE') {
        standing.delete(call.path.split('/').at(-1) ?? '')
        return json(response, 200, {})
      }
      const asked = /(?:=|in \()([^)]*)/.exec(call.query.get('labelSelector') ?? '')?.[1]?.split(',') ?? []
      const found = asked.filter((sid) => standing.has(sid))
      const items = isListOf('deployments')(call)
        ? found.map(objectOf)
        : isListOf('pods')(call)
          ? found.map(podOf)
          : []
      json(response, 200, { metadata: {}, items })
    }),
  )
  const orchestrator = createKubernetesOrchestrator({ kubeconfig: { paths: [server.kubeconfig] }, log })
  opening.defer(() => orchestrator.close())
  const opened = opening.move()
  return { server, orchestrator, standing, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

const ten = Array.from({ length: 10 }, (_, index) => `sid${index}`)

it('reads what stands of all of them together, and deletes of each what is its own', async () => {
  await using cluster = await openCluster(ten)
  const removals = await Promise.all(ten.map((sid) => cluster.orchestrator.remove(identityOf(sid), signal)))
  expect(removals).toEqual(
    ten.map((sid) => ({
      changes: [{ subject: `Deployment/${sid}`, action: 'deleted' }],
      remaining: [`Deployment/${sid}`, `Pod/${sid}`],
    })),
  )
  expect(cluster.standing.size).toBe(0)
  expect(cluster.server.calls.filter(isListOf('pods')).length).toBeLessThanOrEqual(2)
})

it('of many that are removed only what nothing else takes along is deleted', async () => {
  await using cluster = await openCluster(['sid1'])
  const { answer } = cluster.server
  const service = {
    metadata: {
      name: 'web',
      uid: 'web',
      labels: { 'tycho.io/sid': 'sid1' },
      ownerReferences: [{ uid: 'sid1' }],
    },
  }
  cluster.server.answer = (call, response) =>
    isListOf('services')(call)
      ? json(response, 200, { metadata: {}, items: [service] })
      : answer(call, response)
  const { changes } = await cluster.orchestrator.remove(identityOf('sid1'), signal, { givesWay: true })
  expect(changes).toEqual([{ subject: 'Deployment/sid1', action: 'deleted' }])
})

it('asks the store of the cluster before it says that nothing is left', async () => {
  await using cluster = await openCluster([])
  expect(await cluster.orchestrator.remove(identityOf('sid1'), signal)).toEqual({
    changes: [],
    remaining: [],
  })
  const versions = cluster.server.calls
    .filter(isListOf('pods'))
    .map(({ query }) => query.get('resourceVersion'))
  expect(versions).toEqual(['0', null])
})

it('one that is called off does not take the answer from the others', async () => {
  await using cluster = await openCluster(ten)
  const stop = new AbortController()
  const off = cluster.orchestrator.remove(identityOf('sid0'), stop.signal)
  const other = cluster.orchestrator.remove(identityOf('sid1'), signal)
  stop.abort(new Error('called off'))
  await expect(off).rejects.toThrow('called off')
  expect((await other).changes).toEqual([{ subject: 'Deployment/sid1', action: 'deleted' }])
})

it('a list that fails fails for all who asked, and the next is asked anew', async () => {
  await using cluster = await openCluster(ten)
  const { answer } = cluster.server
  cluster.server.answer = (_call, response) => json(response, 500, { message: 'no' })
  const failed = await Promise.allSettled(
    ten.map((sid) => cluster.orchestrator.remove(identityOf(sid), signal)),
  )
  expect(failed.map(({ status }) => status)).toEqual(ten.map(() => 'rejected'))
  cluster.server.answer = answer
  expect((await cluster.orchestrator.remove(identityOf('sid1'), signal)).changes).toHaveLength(1)
})
