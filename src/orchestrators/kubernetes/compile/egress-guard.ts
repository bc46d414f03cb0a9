// The NetworkPolicy of a namespace that keeps the pods of all systems from the addresses under which clouds tell a
// machine its credentials. Policies add up: pods that may reach less (`tycho.io/egress`) are not selected, and have one
// of their own.
import { BlockList, isIPv6 } from 'node:net'
import type { V1NetworkPolicy } from '@kubernetes/client-node'
import type { ClusterFacts } from '../facts.ts'
import { LABEL, MANAGER } from '../labels.ts'

/** No object of a system is called so: after two hyphens comes `net` only. */
const GUARD_NAME = 'tycho--egress'

/** Not `managed-by`, which is on what systems consist of. */
const GUARD_LABELS = {
  [LABEL.name]: 'tycho',
  'app.kubernetes.io/component': 'egress-guard',
}

/** `labels` find the policy; `toBody` says how it is to be on a cluster, null: not at all. `closed`: CIDRs that no pod reaches. */
export function createEgressGuard(closed: readonly string[]) {
  return {
    labels: GUARD_LABELS,
    toBody({ dns }: Pick<ClusterFacts, 'dns'>) {
      const addresses = withoutDns(closed, dns?.address ?? null)
      return addresses.length > 0 ? toNetworkPolicy(addresses) : null
    },
  }
}

/** All is open to those that have no policy of their own, but what is closed. */
function toNetworkPolicy(closed: readonly string[]) {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: GUARD_NAME, labels: GUARD_LABELS },
    spec: {
      podSelector: {
        matchLabels: { [LABEL.managedBy]: MANAGER },
        matchExpressions: [{ key: LABEL.egress, operator: 'NotIn', values: ['internal', 'none'] }],
      },
      policyTypes: ['Egress'],
      // A block of addresses is none of pods for every network: Cilium tells those by what they are.
      egress: [{ to: [toBlock('0.0.0.0/0', closed), toBlock('::/0', closed), { namespaceSelector: {} }] }],
    },
  } satisfies V1NetworkPolicy
}

function toBlock(cidr: string, closed: readonly string[]) {
  const except = closed.filter((one) => one.includes(':') === cidr.includes(':'))
  return { ipBlock: { cidr, ...(except.length > 0 && { except }) } }
}

/** Some clouds answer DNS at the very address: names must resolve. */
function withoutDns(closed: readonly string[], dns: string | null): string[] {
  return closed.filter((cidr) => dns === null || !contains(cidr, dns))
}

function contains(cidr: string, address: string): boolean {
  const [network = '', length] = cidr.split('/')
  const family = isIPv6(network) ? 'ipv6' : 'ipv4'
  if ((family === 'ipv6') !== isIPv6(address)) return false
  const list = new BlockList()
  list.addSubnet(network, Number(length), family)
  return list.check(address, family)
}
