import { describe, expect, it } from 'vitest'
import { addressesOf, parseResolvConf } from '../../src/orchestrators/kubernetes/cluster/cluster-facts.ts'
import type { KubeObject } from '../../src/orchestrators/kubernetes/cluster/objects.ts'

function node(isReady: boolean, addresses: [string, string][]): KubeObject {
  return {
    metadata: { name: 'node', uid: 'uid', resourceVersion: '1' },
    status: {
      addresses: addresses.map(([type, address]) => ({ type, address })),
      conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }],
    },
  }
}

describe('the addresses of nodes', () => {
  it('are the outer ones first, each once, without host names', () => {
    const nodes = [
      node(true, [
        ['InternalIP', '10.0.0.1'],
        ['Hostname', 'one'],
        ['ExternalIP', '192.0.2.1'],
      ]),
      node(true, [['InternalIP', '10.0.0.1']]),
    ]
    expect(addressesOf(nodes)).toEqual(['192.0.2.1', '10.0.0.1'])
  })

  it('are those of ready nodes while there is one', () => {
    const down = node(false, [['ExternalIP', '192.0.2.1']])
    expect(addressesOf([down, node(true, [['InternalIP', '10.0.0.2']])])).toEqual(['10.0.0.2'])
    expect(addressesOf([down])).toEqual(['192.0.2.1'])
  })
})

describe('the DNS of a pod', () => {
  it("is the cluster's where its services are searched", () => {
    const text =
      'search class.svc.corp.example svc.corp.example corp.example\nnameserver 10.96.0.10\noptions ndots:5\n'
    expect(parseResolvConf(text)).toEqual({ address: '10.96.0.10', domain: 'corp.example' })
  })

  it('is not known from the file of a host', () => {
    expect(parseResolvConf('nameserver 192.0.2.53\nsearch corp.example\n')).toBeNull()
    expect(parseResolvConf('')).toBeNull()
  })
})
