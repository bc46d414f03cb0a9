// Where published ports can be reached, by each of the ways out; asked for by request and by service.
import { expect, it } from 'vitest'
import type { Job } from '../../src/jobs/job.ts'
import type { Api } from '../kit/cluster/api.ts'
import { createNamespace, openApi, testCluster } from '../kit/cluster/cluster.ts'
import { waitForOk } from '../kit/http.ts'
import { startTycho, type Tycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'

type Live = { spec: { type: string; ingressClassName?: string }; status: Record<string, unknown> }

/** What a cloud does some time after a load balancer was asked for. */
async function giveAddress(api: Api, path: string, ip: string): Promise<void> {
  const live = await waitFor('the load balancer to be made', () => api.send<Live>('GET', path))
  await api.send('PUT', `${path}/status`, { ...live, status: { loadBalancer: { ingress: [{ ip }] } } })
}

/** Resolves as soon as the job says that a service is so. */
function untilReason(tycho: Tycho, { id }: Job, service: string, code: string): Promise<Job> {
  return waitFor(`${service} to be ${code}`, async () => {
    const { body } = await tycho.send<Job>('GET', `/v1/jobs/${id}`)
    return body.progress.services[service]?.reason?.code === code ? body : undefined
  })
}

it('each way out has its URL in the result, that of a load balancer once it has its address', async () => {
  await using namespace = await createNamespace('exposure')
  await using api = openApi()
  const { kubeconfig } = testCluster()
  const environment = { TYCHO_INGRESS_HOST: '{service}.{system}.example.org', TYCHO_INGRESS_CLASS: 'inner' }
  await using tycho = await startTycho({ kubeconfig, namespace: namespace.name, environment })
  const hello = { image: 'demo/hello', restart: 'always', ports: ['80:8888'] }
  const job = await tycho.start({
    name: 'shop',
    compose: { services: { inner: hello, node: hello, host: hello, balanced: hello } },
    exposure: 'clusterIP',
    services: {
      node: { exposure: 'nodePort' },
      host: { exposure: 'ingress' },
      balanced: { exposure: 'loadBalancer' },
    },
  })
  await untilReason(tycho, job, 'balanced', 'WAITS_FOR_ADDRESS')
  const base = `/api/v1/namespaces/${namespace.name}/services`
  await giveAddress(api, `${base}/shop-balanced`, '192.0.2.9')

  const done = await tycho.done(job)
  const endpoints = done.result?.endpoints ?? []
  const urls = Object.fromEntries(endpoints.map(({ service, url }) => [service, url]))
  expect(urls).toEqual({
    inner: `http://shop-inner.${namespace.name}.svc:80`,
    node: expect.stringMatching(/^http:\/\/127\.0\.0\.1:3\d{4}$/),
    host: 'http://host.shop.example.org',
    balanced: 'http://192.0.2.9:80',
  })
  expect(await waitForOk(urls.node ?? '')).toContain('Hello Tycho')
  const ingresses = `/apis/networking.k8s.io/v1/namespaces/${namespace.name}/ingresses`
  expect((await api.send<Live>('GET', `${ingresses}/shop-host`)).spec.ingressClassName).toBe('inner')
  const { body: system } = await tycho.send<{ endpoints: unknown }>('GET', '/v1/systems/shop')
  expect(system.endpoints).toEqual(endpoints)
})
