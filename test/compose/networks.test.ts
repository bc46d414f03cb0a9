import { describe, expect, test } from 'vitest'
import { networksOf } from '../../src/system/networks.ts'
import { specOf, webFile, webOf, webProblems } from './kit.ts'

const NET = 'networks:\n  net: {}\n'

describe('networks of a service', () => {
  test('are names, or say more about each', () => {
    const short = specOf(`${webFile('networks: [net]')}${NET}`).services.web
    const long = specOf(`${webFile('networks: {net: }')}${NET}`).services.web
    expect(short?.networks).toEqual(long?.networks)
    expect(short?.networks.net).toMatchObject({ aliases: [], ipv4: null, priority: null })
    const lines =
      'networks: {net: {aliases: [a], ipv4_address: 10.0.0.2, gw_priority: -1, interface_name: eth0}}'
    expect(specOf(`${webFile(lines)}${NET}`).services.web?.networks.net).toMatchObject({
      aliases: ['a'],
      ipv4: '10.0.0.2',
      gatewayPriority: -1,
      interfaceName: 'eth0',
    })
  })

  test('are the default one, where nothing is said', () => {
    expect(networksOf(webOf('tty: true'))).toEqual(['default'])
    expect(networksOf(webOf('network_mode: none'))).toEqual([])
    expect(networksOf(webOf('network_mode: bridge'))).toEqual(['default'])
  })

  test('and network_mode exclude each other', () => {
    expect(webProblems('networks: [default]\nnetwork_mode: host')).toEqual([
      'CONFLICTING_KEYS services.web.network_mode',
    ])
  })

  test.each([
    ['networks: {default: {ipv4_address: "::1"}}', 'services.web.networks.default.ipv4_address'],
    ['mac_address: 1', 'services.web.mac_address'],
    ['mac_address: "02:42"', 'services.web.mac_address'],
    ['extra_hosts: {a: b}', 'services.web.extra_hosts.a[0]'],
    ['extra_hosts: [a]', 'services.web.extra_hosts[0]'],
    ['links: ["a:b:c"]', 'services.web.links[0]'],
    ['network_mode: "service:"', 'services.web.network_mode'],
    ['container_name: "-"', 'services.web.container_name'],
  ])('%s is refused', (lines, path) => {
    expect(webProblems(lines).map((problem) => problem.split(' ')[1])).toContain(path)
  })
})

describe('namespaces', () => {
  test.each([
    ['network_mode: host', { network: { kind: 'host' } }],
    ['ipc: shareable', { ipc: { kind: 'shareable' } }],
    ['pid: "container:x"', { pid: { kind: 'container', container: 'x' } }],
    ['cgroup: private', { cgroup: { kind: 'own' } }],
    ['network_mode: other', { network: { kind: 'other', name: 'other' } }],
  ])('%s', (lines, namespaces) => expect(webOf(lines).namespaces).toMatchObject(namespaces))

  test('of another service make that one come first', () => {
    const text = 'services: {web: {image: x, network_mode: "service:db"}, db: {image: x, pid: "service:web"}}'
    const spec = specOf(text.replace(', pid: "service:web"', ''))
    expect(spec.services.web?.dependsOn).toEqual({
      db: { condition: 'started', required: true, restart: true },
    })
  })
})

describe('hosts', () => {
  test.each([
    '{a: 10.0.0.1, b: ["10.0.0.2", "::1"]}',
    '["a=10.0.0.1", "b=10.0.0.2,[::1]"]',
    '["a:10.0.0.1", "b:10.0.0.2", "b:::1"]',
  ])('extra_hosts: %s', (hosts) => {
    expect(webOf(`extra_hosts: ${hosts}`).extraHosts).toEqual({ a: ['10.0.0.1'], b: ['10.0.0.2', '::1'] })
  })

  test('dns is one or several', () => {
    const lines = 'dns: 10.0.0.1\ndns_search: [a, b]\ndns_opt: ["ndots:2"]'
    expect(webOf(lines).dns).toEqual({ servers: ['10.0.0.1'], search: ['a', 'b'], options: ['ndots:2'] })
  })

  test('links name a service and what it is called', () => {
    const text = 'services: {web: {image: x, links: [db, "db:cache"]}, db: {image: x}}'
    const { web } = specOf(text).services
    expect(web?.links).toEqual([
      { to: 'db', alias: 'db' },
      { to: 'db', alias: 'cache' },
    ])
    expect(Object.keys(web?.dependsOn ?? {})).toEqual(['db'])
  })
})

test('a network at the top says what Docker makes of it', () => {
  const spec = specOf(`${webFile('networks: [net]')}networks:
  net:
    driver: overlay
    driver_opts: {mtu: 1400}
    internal: true
    enable_ipv6: true
    labels: [a=1]
    ipam: {driver: default, config: [{subnet: 10.5.0.0/16, aux_addresses: {a: 10.5.0.9}}]}
`)
  expect(spec.networks.net).toEqual({
    name: null,
    external: false,
    driver: 'overlay',
    driverOptions: { mtu: '1400' },
    addressing: {
      driver: 'default',
      pools: [{ subnet: '10.5.0.0/16', range: null, gateway: null, reserved: { a: '10.5.0.9' } }],
      options: {},
    },
    internal: true,
    attachable: false,
    ipv4: null,
    ipv6: true,
    labels: { a: '1' },
    extensions: {},
  })
})
