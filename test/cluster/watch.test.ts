// The observation of a real cluster through a proxy that breaks its watches: nothing that happens meanwhile is missed.
import { expect, it } from 'vitest'
import { service } from '../compile/specs.ts'
import { type ApiProxy, type Intervention, startApiProxy } from '../kit/api-proxy.ts'
import { openApi, testCluster } from '../kit/cluster/cluster.ts'
import { openEngine } from '../kit/engine.ts'
import { waitFor } from '../kit/wait.ts'

const timings = { backoff: { firstMs: 50, longestMs: 500 }, silenceMs: 3_000 }

async function openProxied() {
  const proxy = await startApiProxy(testCluster().kubeconfig)
  const engine = await openEngine({ kubeconfig: { paths: [proxy.kubeconfig] }, timings })
  const api = openApi()
  const { namespace, sid, name } = engine.identity
  return {
    proxy,
    engine,
    /** Something new of the system, made behind the proxy's back. */
    async make(object: string): Promise<void> {
      const labels = { 'app.kubernetes.io/managed-by': 'tycho', 'tycho.io/sid': sid, 'tycho.io/system': name }
      const body = { metadata: { name: object, labels } }
      await api.send('POST', `/api/v1/namespaces/${namespace}/configmaps`, body)
    },
    seen: (object: string) =>
      waitFor(`word of ${object}`, () => engine.told.at(-1)?.remaining.includes(`ConfigMap/${object}`)),
    async [Symbol.asyncDispose]() {
      await engine[Symbol.asyncDispose]()
      await api[Symbol.asyncDispose]()
      await proxy[Symbol.asyncDispose]()
    },
  }
}

/** Every watch that is opened from now on meets this, until each kind has. */
async function meet(proxy: ApiProxy, intervention: Intervention): Promise<void> {
  const met = new Set<string>()
  proxy.intervene = ({ isWatch, path }) => {
    if (!isWatch) return undefined
    met.add(new URL(path, proxy.url).pathname)
    return intervention
  }
  proxy.dropConnections()
  await waitFor('the watches to meet it', () => met.has('/api/v1/configmaps') && met.has('/api/v1/pods'))
}

it.each<[string, (proxy: ApiProxy) => Promise<void> | void]>([
  ['break', (proxy) => proxy.dropConnections()],
  ['go silent', (proxy) => proxy.stallWatches()],
  ['are refused', (proxy) => meet(proxy, { kind: 'answer', status: 500, body: 'etcd is away' })],
  ['are reset', (proxy) => meet(proxy, { kind: 'reset' })],
  ['break within a word', (proxy) => meet(proxy, { kind: 'cut', afterBytes: 100 })],
  [
    'have lost their version',
    (proxy) => meet(proxy, { kind: 'answer', status: 410, body: '{"reason":"Expired"}' }),
  ],
])('what happens while the watches %s is seen', async (_what, breakThem) => {
  await using bench = await openProxied()
  await bench.engine.apply({ demo: service() })
  await bench.engine.until('demo', ({ readiness }) => readiness === 'ready')
  await breakThem(bench.proxy)
  await bench.make('meanwhile')
  delete bench.proxy.intervene
  await bench.seen('meanwhile')
  await bench.make('later')
  await bench.seen('later')
  expect(bench.engine.told.at(-1)?.services.demo?.readiness).toBe('ready')
})
