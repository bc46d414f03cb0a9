import { expect, test } from 'vitest'
import { startApiProxy } from '../kit/api-proxy.ts'
import { createApi, readAccess } from '../kit/cluster/api.ts'
import { createNamespace, MISSING_IMAGE, nodePortUrl, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { waitForOk } from '../kit/http.ts'
import { waitFor } from '../kit/wait.ts'

type Pod = {
  status: {
    phase: string
    containerStatuses?: { state: { waiting?: { reason: string; message?: string } } }[]
  }
}
type Service = { spec: { ports: { nodePort: number }[] } }

test('a pod answers on a node port on loopback', async () => {
  await using namespace = await createNamespace()
  await using api = openApi()
  const path = `/api/v1/namespaces/${namespace.name}`
  await api.send('POST', `${path}/pods`, {
    metadata: { name: 'hello', labels: { app: 'hello' } },
    spec: { containers: [{ name: 'hello', image: 'demo/hello' }] },
  })
  const service = await api.send<Service>('POST', `${path}/services`, {
    metadata: { name: 'hello' },
    spec: { type: 'NodePort', selector: { app: 'hello' }, ports: [{ port: 8888 }] },
  })
  const body = await waitForOk(nodePortUrl(service.spec.ports[0]?.nodePort ?? 0))
  expect(body).toContain('<title>Hello Tycho</title>')
})

test('pods find each other by the names of a headless Service', async () => {
  await using namespace = await createNamespace()
  await using api = openApi()
  const path = `/api/v1/namespaces/${namespace.name}`
  const peers = `peers.${namespace.name}.svc.cluster.local`
  await api.send('POST', `${path}/services`, {
    metadata: { name: 'peers' },
    spec: {
      clusterIP: 'None',
      publishNotReadyAddresses: true,
      selector: { system: 'a' },
      ports: [{ port: 1 }],
    },
  })
  const service = await api.send<Service>('POST', `${path}/services`, {
    metadata: { name: 'front' },
    spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 8080 }] },
  })
  const startPod = (name: string, image: string) =>
    api.send('POST', `${path}/pods`, {
      metadata: { name, labels: { system: 'a', app: name } },
      spec: {
        hostname: name,
        subdomain: 'peers',
        dnsPolicy: 'None',
        dnsConfig: {
          nameservers: ['10.96.0.10'],
          searches: [peers],
          options: [{ name: 'ndots', value: '2' }],
        },
        containers: [{ name, image }],
      },
    })
  await startPod('redis', 'demo/redis')
  await startPod('web', 'demo/counter')
  const url = nodePortUrl(service.spec.ports[0]?.nodePort ?? 0)
  const first = await waitForOk(url)
  const second = await waitForOk(url)
  expect([first, second]).toEqual(['1 web\n', '2 web\n'])
})

test('an image that the registry does not have fails within seconds, with the reason', async () => {
  await using namespace = await createNamespace()
  await using api = openApi()
  const path = `/api/v1/namespaces/${namespace.name}/pods`
  await api.send('POST', path, {
    metadata: { name: 'missing' },
    spec: { containers: [{ name: 'missing', image: MISSING_IMAGE }] },
  })
  const waiting = await waitFor(
    'the failure of the pull',
    async () => {
      const pod = await api.send<Pod>('GET', `${path}/missing`)
      const state = pod.status.containerStatuses?.[0]?.state.waiting
      return state?.reason === 'ErrImagePull' ? state : undefined
    },
    { timeoutMs: 20_000, intervalMs: 50 },
  )
  expect(waiting.message).toMatch(/not found|manifest unknown/)
})

test('a pod resolves a service name, and is told that an unknown one does not exist', async () => {
  await using namespace = await createNamespace()
  await using api = openApi()
  const path = `/api/v1/namespaces/${namespace.name}/pods`
  const script =
    'nslookup -type=a kubernetes.default.svc.cluster.local; nslookup -type=a nobody.default.svc.cluster.local'
  await api.send('POST', path, {
    metadata: { name: 'ask' },
    spec: {
      restartPolicy: 'Never',
      containers: [{ name: 'ask', image: 'demo/shell', args: ['sh', '-c', script] }],
    },
  })
  await waitFor('the end of the pod', async () => {
    const { status } = await api.send<Pod>('GET', `${path}/ask`)
    return status.phase === 'Succeeded' || status.phase === 'Failed'
  })
  const said = await api.text(`${path}/ask/log`)
  expect(said).toMatch(/Name:\s+kubernetes\.default\.svc\.cluster\.local\s+Address: \d/)
  expect(said).toContain('NXDOMAIN')
})

test('the API proxy records requests, passes watches on and can misbehave', async () => {
  await using proxy = await startApiProxy(testCluster().kubeconfig)
  await using namespace = await createNamespace()
  await using api = createApi(readAccess(proxy.kubeconfig))
  const path = `/api/v1/namespaces/${namespace.name}/configmaps`
  const stop = new AbortController()
  const watch = await api.watch(`${path}?watch=true`, stop.signal)
  await api.send('POST', path, { metadata: { name: 'one' } })
  const seen = await waitForEvent(watch, '"name":"one"')
  expect(seen).toBe(true)
  proxy.intervene = ({ method }) => (method === 'PUT' ? { kind: 'answer', status: 429 } : undefined)
  await expect(api.send('PUT', `${path}/one`, { metadata: { name: 'one' } })).rejects.toMatchObject({
    status: 429,
  })
  expect(proxy.requests.map(({ method, isWatch, status }) => [method, isWatch, status])).toEqual([
    ['GET', true, 200],
    ['POST', false, 201],
    ['PUT', false, 429],
  ])
  stop.abort()
})

async function waitForEvent(watch: AsyncIterable<Buffer>, text: string): Promise<boolean> {
  let received = ''
  for await (const chunk of watch) {
    received += String(chunk)
    if (received.includes(text)) return true
  }
  return false
}
