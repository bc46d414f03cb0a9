// What a real API server refuses fails its job at once, at the line of the file that the object came from.
import { expect, it } from 'vitest'
import type { Job } from '../../src/jobs/job.ts'
import { startApiProxy } from '../kit/api-proxy.ts'
import { createNamespace, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { managedObjects } from '../kit/cluster/objects.ts'
import { startTycho } from '../kit/tycho.ts'

async function openTycho() {
  await using opening = new AsyncDisposableStack()
  const namespace = opening.use(await createNamespace('refused'))
  const api = opening.use(openApi())
  const { kubeconfig } = testCluster()
  const tycho = opening.use(await startTycho({ kubeconfig, namespace: namespace.name }))
  const opened = opening.move()
  return { tycho, api, namespace: namespace.name, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

const errorOf = ({ status, error }: Job) => ({ status, ...error })

it.each([
  [
    '422 for an invalid object',
    `services:
  web:
    image: demo/hello
    x-k8s:
      tolerations: [{key: a, operator: Exists, value: b}]
`,
    { code: 'OBJECT_INVALID', path: 'services.web', line: 2, message: /tolerations.*operator/ },
  ],
  [
    '422 for a node port that the cluster does not have',
    `services:
  web:
    image: demo/hello
    ports:
      - target: 8888
        x-k8s: {nodePort: 80}
`,
    { code: 'NODE_PORT_OUT_OF_RANGE', path: 'services.web.ports', line: 4, message: /valid range/ },
  ],
  [
    '403 of admission for more than the namespace allows',
    `services:
  web:
    image: demo/hello
    volumes: ["data:/data"]
volumes:
  data:
    x-k8s: {size: 5Gi}
`,
    { code: 'FORBIDDEN', path: 'volumes.data', line: 6, message: /maximum storage/ },
  ],
])('%s', async (_what, compose, { code, path, line, message }) => {
  await using bench = await openTycho()
  const { tycho, api, namespace } = bench
  await api.send('POST', `/api/v1/namespaces/${namespace}/limitranges`, {
    metadata: { name: 'small' },
    spec: { limits: [{ type: 'PersistentVolumeClaim', max: { storage: '2Gi' } }] },
  })
  const job = await tycho.done(await tycho.start({ name: 'demo', compose }))
  expect(errorOf(job)).toMatchObject({
    status: 'failed',
    code,
    retryable: false,
    message: expect.stringMatching(message),
    details: { problems: [{ code, severity: 'error', path, line }] },
  })
  expect(job.attempt).toBe(1)
  expect(await managedObjects(api, namespace)).toEqual([])
})

it('500 for a full range of node ports, which no second attempt would find otherwise', async () => {
  await using namespace = await createNamespace('refused')
  await using api = openApi()
  await using proxy = await startApiProxy(testCluster().kubeconfig)
  const message = 'Internal error occurred: failed to allocate a nodePort: range is full'
  const body = JSON.stringify({
    kind: 'Status',
    status: 'Failure',
    reason: 'InternalError',
    message,
    code: 500,
  })
  const isService = (path: string) => new URL(path, proxy.url).pathname.endsWith('/services')
  proxy.intervene = ({ method, path }) =>
    method === 'POST' && isService(path) ? { kind: 'answer', status: 500, body } : undefined
  await using tycho = await startTycho({ kubeconfig: proxy.kubeconfig, namespace: namespace.name })
  const compose = 'services:\n  web:\n    image: demo/hello\n    ports: [8888]\n'
  const job = await tycho.done(await tycho.start({ name: 'demo', compose }))
  const code = 'NODE_PORTS_EXHAUSTED'
  expect(errorOf(job)).toMatchObject({
    status: 'failed',
    code,
    details: { problems: [{ code, path: 'services.web.ports', line: 4 }] },
  })
  expect(proxy.requests.filter(({ method, path }) => method === 'POST' && isService(path))).toHaveLength(1)
  expect(await managedObjects(api, namespace.name)).toEqual([])
})
