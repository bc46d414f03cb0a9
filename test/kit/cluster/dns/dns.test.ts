import { Resolver } from 'node:dns/promises'
import { expect, test } from 'vitest'
import { type Endpoints, findAddresses, type Service } from './names.ts'
import { startDnsServer } from './server.ts'

const service = (name: string, clusterIP: string): [string, Service] => [
  `ns/${name}`,
  { metadata: { namespace: 'ns', name }, spec: { clusterIP } },
]

const endpoints: [string, Endpoints][] = [
  [
    'ns/peers',
    {
      metadata: { namespace: 'ns', name: 'peers' },
      subsets: [
        {
          addresses: [{ ip: '10.244.0.2', hostname: 'redis' }],
          notReadyAddresses: [{ ip: '10.244.0.9', hostname: 'late' }],
        },
        { addresses: [{ ip: '10.244.0.3', hostname: 'web' }] },
      ],
    },
  ],
]

const records = {
  services: new Map([service('peers', 'None'), service('front', '10.96.0.7'), service('empty', 'None')]),
  endpoints: new Map(endpoints),
}
const find = (name: string) => findAddresses(records, 'cluster.local', name)

test('a Service with a cluster IP has that address', () => {
  expect(find('front.ns.svc.cluster.local')).toEqual(['10.96.0.7'])
})

test('a headless Service has all its published addresses, and each pod its own name', () => {
  expect(find('peers.ns.svc.cluster.local')).toEqual(['10.244.0.2', '10.244.0.3'])
  expect(find('Redis.peers.ns.svc.cluster.local.')).toEqual(['10.244.0.2'])
})

test.each([
  'late.peers.ns.svc.cluster.local',
  'nobody.peers.ns.svc.cluster.local',
  'a.redis.peers.ns.svc.cluster.local',
  'empty.ns.svc.cluster.local',
  'peers.other.svc.cluster.local',
  'ns.svc.cluster.local',
  'svc.cluster.local',
  'example.org',
])('%s does not exist', (name) => {
  expect(find(name)).toBeUndefined()
})

test('the server answers addresses, no data for other types, NXDOMAIN for unknown names', async () => {
  await using server = await startDnsServer(find, '127.0.0.1', 0)
  const resolver = new Resolver({ timeout: 1_000, tries: 2 })
  resolver.setServers([`127.0.0.1:${server.port}`])
  expect(await resolver.resolve4('front.ns.svc.cluster.local')).toEqual(['10.96.0.7'])
  await expect(resolver.resolve6('front.ns.svc.cluster.local')).rejects.toMatchObject({ code: 'ENODATA' })
  await expect(resolver.resolve4('nobody.ns.svc.cluster.local')).rejects.toMatchObject({ code: 'ENOTFOUND' })
})
