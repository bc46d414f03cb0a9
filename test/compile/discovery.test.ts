import { expect, test } from 'vitest'
import { assumedFacts } from '../../src/orchestrators/kubernetes/facts.ts'
import { at, compileServices, identity, port, remarks, service, subjects } from './specs.ts'

const pod = 'spec.template.spec'
const two = { web: service({ ports: [port(80)] }), my_db: service() }

test('gives a system of several services a headless Service that selects all its pods', () => {
  expect(at(compileServices(two), 'Service/shop--net', 'spec')).toEqual({
    clusterIP: 'None',
    publishNotReadyAddresses: true,
    selector: { 'tycho.io/sid': identity.sid },
  })
})

test('lets each pod be found by the name of its service', () => {
  const compiled = compileServices(two)
  expect(at(compiled, 'Deployment/shop-web', pod)).toMatchObject({ hostname: 'web', subdomain: 'shop--net' })
  expect(at(compiled, 'Deployment/shop-my-db', pod)).toMatchObject({
    hostname: 'my-db',
    subdomain: 'shop--net',
  })
})

test('resolves names of the system first, and never those of the namespace', () => {
  const facts = { ...assumedFacts, dns: { address: '10.43.0.10', domain: 'example.org' } }
  expect(at(compileServices(two, { facts }), 'Deployment/shop-web', pod)).toMatchObject({
    dnsPolicy: 'None',
    dnsConfig: {
      nameservers: ['10.43.0.10'],
      searches: ['shop--net.notebooks.svc.example.org', 'svc.example.org', 'example.org'],
      options: [{ name: 'ndots', value: '5' }],
    },
  })
})

test('adds to the search list of the cluster where the address of its DNS is unknown, and warns', () => {
  const compiled = compileServices(two, { facts: { ...assumedFacts, dns: null } })
  expect(at(compiled, 'Deployment/shop-web', pod)).toMatchObject({
    dnsPolicy: 'ClusterFirst',
    dnsConfig: { searches: ['shop--net.notebooks.svc.cluster.local'] },
  })
  expect(remarks(compiled)).toEqual(['warning DNS_ADDRESS_UNKNOWN services'])
})

test('leaves a system of one service without any of it but the host name', () => {
  const compiled = compileServices({ web: service() }, { facts: { ...assumedFacts, dns: null } })
  expect(subjects(compiled)).toEqual(['Deployment/shop-web'])
  expect(at(compiled, 'Deployment/shop-web', `${pod}.hostname`)).toBe('web')
  for (const key of ['subdomain', 'dnsPolicy', 'dnsConfig'])
    expect(at(compiled, 'Deployment/shop-web', pod)).not.toHaveProperty(key)
  expect(remarks(compiled)).toEqual([])
})
