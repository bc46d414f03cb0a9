// Who reaches whom, where the file, the request or the operator says something.
import { describe, expect, test } from 'vitest'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import type { CompileInput } from '../../src/orchestrators/orchestrator.ts'
import { emptySystem } from '../../src/system/empty.ts'
import type { Exposure } from '../../src/system/endpoint.ts'
import type { NetworkAttachment, NetworkSpec } from '../../src/system/networks.ts'
import { DEFAULT_POLICY } from '../../src/system/policy.ts'
import type { ServiceSpec } from '../../src/system/spec.ts'
import { at, identity, port, remarks, service, subjects } from './specs.ts'

const attachment: NetworkAttachment = {
  aliases: [],
  ipv4: null,
  ipv6: null,
  linkLocalAddresses: [],
  macAddress: null,
  interfaceName: null,
  driverOptions: {},
  priority: null,
  gatewayPriority: null,
  extensions: {},
}
const on = (...names: string[]) => Object.fromEntries(names.map((name) => [name, attachment]))
const sid = { 'tycho.io/sid': identity.sid }
const internal: NetworkSpec = {
  name: null,
  external: false,
  driver: null,
  driverOptions: {},
  addressing: { driver: null, pools: [], options: {} },
  internal: true,
  attachable: false,
  ipv4: null,
  ipv6: null,
  labels: {},
  extensions: {},
}

function compileWith(
  services: Record<string, ServiceSpec>,
  given: Partial<CompileInput> = {},
  networks = {},
) {
  const spec = { ...emptySystem(), services, networks }
  return compile({ identity, spec, exposure: 'nodePort', ...given })
}
const labelsOf = (...args: Parameters<typeof compileWith>) =>
  at(compileWith(...args), 'Deployment/shop-web', 'spec.template.metadata.labels')
const policyOf = (...args: Parameters<typeof compileWith>) =>
  at(compileWith(...args), 'NetworkPolicy/shop-web', 'spec')

describe('a system of which nothing is said', () => {
  test('has no policy and no label of a network', () => {
    const services = { web: service({ ports: [port(80)] }), db: service() }
    expect(subjects(compileWith(services)).filter((subject) => subject.startsWith('NetworkPolicy'))).toEqual(
      [],
    )
    expect(JSON.stringify(labelsOf(services))).not.toContain('network.tycho.io')
  })
})

describe('a system of several networks', () => {
  const services = {
    web: service({
      networks: on('front', 'back_end'),
      ports: [port(80), port(80, { published: { from: 81, to: 81 } })],
    }),
    db: service({ networks: on('back_end') }),
  }

  test('lets in, to each service, pods of the same networks, and everyone to its published ports', () => {
    expect(policyOf(services)).toEqual({
      podSelector: { matchLabels: { ...sid, 'tycho.io/service': 'web' } },
      policyTypes: ['Ingress'],
      ingress: [
        {
          from: [
            { podSelector: { matchLabels: { ...sid, 'network.tycho.io/front': 'true' } } },
            { podSelector: { matchLabels: { ...sid, 'network.tycho.io/back-end': 'true' } } },
          ],
        },
        { ports: [{ port: 80, protocol: 'TCP' }] },
      ],
    })
    expect(at(compileWith(services), 'NetworkPolicy/shop-db', 'spec.ingress')).toHaveLength(1)
  })

  test('labels each pod with its networks', () => {
    expect(labelsOf(services)).toMatchObject({
      'network.tycho.io/front': 'true',
      'network.tycho.io/back-end': 'true',
    })
  })
})

describe('an internal network', () => {
  const services = { web: service({ networks: on('back') }), db: service({ networks: on('back') }) }

  test('leads to its own pods and the DNS only', () => {
    expect(policyOf(services, {}, { back: internal })).toMatchObject({
      policyTypes: ['Ingress', 'Egress'],
      egress: [
        { to: [{ podSelector: { matchLabels: sid } }] },
        {
          ports: [
            { port: 53, protocol: 'UDP' },
            { port: 53, protocol: 'TCP' },
          ],
        },
      ],
    })
    expect(labelsOf(services, {}, { back: internal })).toMatchObject({ 'tycho.io/egress': 'internal' })
  })

  test('beside another one leaves the way out open', () => {
    const both = { ...services, web: service({ networks: on('back', 'front') }) }
    expect(policyOf(both, {}, { back: internal })).toMatchObject({ policyTypes: ['Ingress'] })
    expect(labelsOf(both, {}, { back: internal })).not.toHaveProperty('tycho.io/egress')
  })
})

test('network_mode none closes a pod to both sides, and says how', () => {
  const own = service().namespaces
  const web = service({ namespaces: { ...own, network: { kind: 'none' } } })
  expect(policyOf({ web })).toEqual({
    podSelector: { matchLabels: { ...sid, 'tycho.io/service': 'web' } },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [],
    egress: [],
  })
  expect(labelsOf({ web })).toMatchObject({ 'tycho.io/egress': 'none' })
  expect(remarks(compileWith({ web }))).toContain('warning NETWORK_BY_POLICY services.web.network_mode')
})

test('network_mode none publishes nothing, and says so at each port', () => {
  const namespaces = { ...service().namespaces, network: { kind: 'none' as const } }
  const compiled = compileWith({ web: service({ namespaces, ports: [port(80)] }) })
  expect(subjects(compiled)).toEqual(['Service/shop--net', 'NetworkPolicy/shop-web', 'Deployment/shop-web'])
  expect(remarks(compiled)).toContain('info PORT_NOT_EXPOSED services.web.ports[0]')
})

test('clients of the request alone reach the published ports', () => {
  const settings = { web: { clients: ['10.0.0.0/8', '192.0.2.7', '2001:db8::1'] } }
  expect(policyOf({ web: service({ ports: [port(80)] }) }, { settings })).toMatchObject({
    ingress: [
      { from: [{ podSelector: { matchLabels: sid } }] },
      {
        from: ['10.0.0.0/8', '192.0.2.7/32', '2001:db8::1/128'].map((cidr) => ({ ipBlock: { cidr } })),
        ports: [{ port: 80, protocol: 'TCP' }],
      },
    ],
  })
})

describe('clients of the request', () => {
  const ports = [port(80)]
  const settings = { web: { clients: ['10.0.0.0/8', '192.0.2.7'] } }
  const compileClients = (exposure: Exposure, given: Partial<CompileInput> = {}) =>
    compileWith({ web: service({ ports }) }, { exposure, settings, ...given })
  const specOf = (exposure: Exposure) => at(compileClients(exposure), 'Service/shop-web', 'spec')
  const ingress = { host: '{service}.example.org', className: null, namespace: 'ingress-nginx' }

  test('are seen by their own addresses, at node ports and load balancers', () => {
    expect(specOf('nodePort')).toMatchObject({ externalTrafficPolicy: 'Local' })
    expect(specOf('loadBalancer')).toMatchObject({
      externalTrafficPolicy: 'Local',
      loadBalancerSourceRanges: ['10.0.0.0/8', '192.0.2.7/32'],
    })
    expect(specOf('clusterIP')).not.toHaveProperty('externalTrafficPolicy')
    expect(remarks(compileClients('nodePort'))).toContain('warning CLIENTS_BY_NODE services.web.ports')
  })

  test('are checked by the controller of an Ingress, which the pods let in', () => {
    const compiled = compileClients('ingress', { ingress })
    expect(at(compiled, 'Ingress/shop-web', 'metadata.annotations')).toMatchObject({
      'nginx.ingress.kubernetes.io/whitelist-source-range': '10.0.0.0/8,192.0.2.7/32',
    })
    expect(at(compiled, 'NetworkPolicy/shop-web', 'spec.ingress.1.from')).toEqual([
      { ipBlock: { cidr: '10.0.0.0/8' } },
      { ipBlock: { cidr: '192.0.2.7/32' } },
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } } },
    ])
    expect(remarks(compiled)).toContain('warning CLIENTS_BY_INGRESS services.web.ports')
  })
})

test('behind an Ingress the controller alone calls the published port', () => {
  const ingress = { host: '{service}.example.org', className: null, namespace: 'ingress-nginx' }
  const policy = { ...DEFAULT_POLICY, isolate: true }
  const services = { web: service({ ports: [port(80)] }) }
  expect(policyOf(services, { policy, ingress, exposure: 'ingress' })).toMatchObject({
    ingress: [
      {},
      {
        from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } } }],
        ports: [{ port: 80, protocol: 'TCP' }],
      },
    ],
  })
})

test('a tenant that isolates keeps its systems apart', () => {
  const policy = { ...DEFAULT_POLICY, isolate: true }
  expect(policyOf({ web: service() }, { policy })).toMatchObject({
    ingress: [{ from: [{ podSelector: { matchLabels: sid } }] }],
  })
})
