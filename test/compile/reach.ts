// Who may reach whom, as NetworkPolicies say: their rules, without a cluster
// (https://kubernetes.io/docs/concepts/services-networking/network-policies/).
import { BlockList, isIPv6 } from 'node:net'

type Labels = Record<string, string>
type Selector = {
  matchLabels?: Labels
  matchExpressions?: { key: string; operator: string; values?: string[] }[]
}
type Peer = {
  podSelector?: Selector
  namespaceSelector?: Selector
  ipBlock?: { cidr: string; except?: string[] }
}
type Port = { port: number; protocol: string }
type Rule = { from?: Peer[]; to?: Peer[]; ports?: Port[] }
type PolicySpec = { podSelector: Selector; policyTypes: string[]; ingress?: Rule[]; egress?: Rule[] }
type Policy = { spec: PolicySpec }

/** A pod by its labels, or an address outside of the cluster. */
export type End = { labels: Labels } | { address: string }

/**
 * All pods stand in one namespace, which every selector of namespaces selects. A block of addresses holds no pods, as
 * strict networks have it. A connection needs the leave of both of its ends. */
export function canReach(policies: readonly object[], from: End, to: End, port: Port): boolean {
  const all = policies as readonly Policy[]
  return isLet(all, 'Egress', from, to, port) && isLet(all, 'Ingress', to, from, port)
}

/** An end that no policy of this direction selects is open; one that some select has what any of them allows. */
function isLet(
  policies: readonly Policy[],
  direction: 'Ingress' | 'Egress',
  end: End,
  other: End,
  port: Port,
): boolean {
  if (!('labels' in end)) return true
  const own = policies.filter(
    ({ spec }) => spec.policyTypes.includes(direction) && selects(spec.podSelector, end.labels),
  )
  const rules = own.flatMap(({ spec }) => (direction === 'Ingress' ? spec.ingress : spec.egress) ?? [])
  return own.length === 0 || rules.some((rule) => allows(rule, direction, other, port))
}

function allows({ from, to, ports }: Rule, direction: 'Ingress' | 'Egress', other: End, port: Port): boolean {
  const peers = direction === 'Ingress' ? from : to
  const isPort = !ports || ports.some((one) => one.port === port.port && one.protocol === port.protocol)
  return isPort && (!peers || peers.some((peer) => fits(peer, other)))
}

function fits({ podSelector, namespaceSelector, ipBlock }: Peer, end: End): boolean {
  if ('labels' in end) {
    const isSelected = podSelector === undefined || selects(podSelector, end.labels)
    return (podSelector ?? namespaceSelector) !== undefined && isSelected
  }
  if (!ipBlock) return false
  return isIn(ipBlock.cidr, end.address) && !(ipBlock.except ?? []).some((one) => isIn(one, end.address))
}

function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const isListed = labels[key] !== undefined && values.includes(labels[key])
      if (operator === 'In') return isListed
      if (operator === 'NotIn') return !isListed
      throw new Error(`an operator that this test does not know: ${operator}`)
    })
  )
}

function isIn(cidr: string, address: string): boolean {
  const [network = '', length] = cidr.split('/')
  const family = isIPv6(network) ? 'ipv6' : 'ipv4'
  if ((family === 'ipv6') !== isIPv6(address)) return false
  const list = new BlockList()
  list.addSubnet(network, Number(length), family)
  return list.check(address, family)
}
