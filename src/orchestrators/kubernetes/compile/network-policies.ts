// NetworkPolicies of a system, only where something is said: several networks, `internal`, `network_mode: none`, clients
// of the request, or a tenant whose systems are kept apart. Policies add up: each pod that one selects gets what all allow.
import type { V1NetworkPolicyEgressRule, V1NetworkPolicyPeer } from '@kubernetes/client-node'
import { networksOf } from '../../../system/networks.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Manifest } from '../../orchestrator.ts'
import { LABEL } from '../labels.ts'
import { clientsOf } from './clients.ts'
import type { Context } from './context.ts'
import { toExposure, toOpenPorts } from './exposure.ts'
import { hasGate, toGateLabels, toGateName, toGateSelector } from './gate.ts'
import { toManifest, toMetadata } from './manifest.ts'
import { toOwnName } from './names.ts'
import { isCutOff, isOnInternalOnly, toNetworkLabel } from './network-labels.ts'
import { toServiceLabels, toServiceSelector } from './object-labels.ts'
import { leaderOf, type Member, membersOf, toPodService } from './pod-members.ts'
import { isHostPort, toKubernetesProtocol } from './ports.ts'

/** The label that every namespace has with its name, from Kubernetes 1.21 on. */
const NAMESPACE_NAME = 'kubernetes.io/metadata.name'

/** As it is sent; the client's own type has another key for `from`. */
type IngressRule = { from?: V1NetworkPolicyPeer[]; ports?: { port: number; protocol: string }[] }

/** Whether pods of the system reach each other only where they share a network. */
export function isDivided(context: Context): boolean {
  const { spec, networks, policy } = context
  if (networks.size > 1 || policy.isolate) return true
  const isInternal = [...networks].some((name) => spec.networks[name]?.internal)
  return isInternal || Object.values(spec.services).some(isCutOff)
}

/** One for each pod whose traffic is limited, under the object name of the service that leads it. */
export function toNetworkPolicies(context: Context): Manifest[] {
  const areAll = isDivided(context)
  return Object.entries(context.spec.services).flatMap(([name, service]) => {
    if (leaderOf(name, context) !== name) return []
    const members = membersOf(name, context)
    const clients = members.flatMap((member) => clientsOf(member.name, context))
    if (!areAll && clients.length === 0) return []
    const pod = toPodService(name, service, context)
    const gates = members.filter((member) => areAll && hasGate(member.service))
    return [
      toNetworkPolicy(name, pod, clients, context),
      ...gates.map((member) => toGatePolicy(member.name, pod, context)),
    ]
  })
}

/** What runs once before a service reaches what that does, and nothing has to reach it. */
function toGatePolicy(name: string, pod: ServiceSpec, context: Context): Manifest {
  const { identity } = context
  const isLimited = isCutOff(pod) || isOnInternalOnly(pod, context)
  const object = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: toMetadata(identity, toGateName(identity, name), toGateLabels(identity, name)),
    spec: {
      podSelector: { matchLabels: toGateSelector(identity, name) },
      policyTypes: isLimited ? ['Ingress', 'Egress'] : ['Ingress'],
      ingress: [],
      egress: isLimited ? toEgressRules(pod, context) : undefined,
    },
  }
  return toManifest(object, `services.${name}.pre_start`)
}

function toNetworkPolicy(
  name: string,
  service: ServiceSpec,
  clients: readonly string[],
  context: Context,
): Manifest {
  const { identity } = context
  const isLimited = isCutOff(service) || isOnInternalOnly(service, context)
  const object = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: toMetadata(identity, toOwnName(identity.name, name, service), toServiceLabels(identity, name)),
    spec: {
      podSelector: { matchLabels: toServiceSelector(identity, name) },
      policyTypes: isLimited ? ['Ingress', 'Egress'] : ['Ingress'],
      ingress: isCutOff(service) ? [] : toIngressRules(name, service, context),
      egress: isLimited ? toEgressRules(service, context) : undefined,
    },
  }
  return toManifest(object, pathOf(name, service, clients))
}

function pathOf(name: string, service: ServiceSpec, clients: readonly string[]): string {
  if (isCutOff(service)) return `services.${name}.network_mode`
  if (Object.keys(service.networks).length > 0) return `services.${name}.networks`
  return clients.length > 0 ? `services.${name}.ports` : `services.${name}`
}

/** From its own networks anything; from outside the published ports. */
function toIngressRules(name: string, service: ServiceSpec, context: Context): IngressRule[] {
  const opened = membersOf(name, context).flatMap((member) => toOpened(member, context))
  return [{ from: toPeers(service, context) }, ...opened]
}

/** The published ports of one service: to its clients, or to all. */
function toOpened({ name, service }: Member, context: Context): IngressRule[] {
  const open = [
    ...toOpenPorts(name, service, context).map(({ spec }) => spec),
    ...service.ports.filter(isHostPort),
  ]
  const published = open.map(({ target, protocol }) => ({
    port: target,
    protocol: toKubernetesProtocol(protocol),
  }))
  const ports = published.filter((one, at) => published.findIndex((other) => isSame(one, other)) === at)
  if (ports.length === 0) return []
  const from = toCallers(name, service, context)
  return [from.length > 0 ? { from, ports } : { ports }]
}

/** Who may call the published ports: none stands for everybody. Behind an Ingress that is its controller. */
function toCallers(name: string, service: ServiceSpec, context: Context): V1NetworkPolicyPeer[] {
  const clients = clientsOf(name, context).map((cidr) => ({ ipBlock: { cidr } }))
  const { namespace } = context.ingress
  if (!namespace || toExposure(name, service, context) !== 'ingress') return clients
  return [...clients, { namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: namespace } } }]
}

/** Its own networks, and the DNS wherever that is: names must resolve. */
function toEgressRules(service: ServiceSpec, context: Context): V1NetworkPolicyEgressRule[] {
  if (isCutOff(service)) return []
  const dns = ['UDP', 'TCP'].map((protocol) => ({ port: 53, protocol }))
  return [{ to: toPeers(service, context) }, { ports: dns }]
}

/** Pods of this incarnation on the same networks; all of it where it is not divided itself. */
function toPeers(service: ServiceSpec, { identity, spec }: Context): V1NetworkPolicyPeer[] {
  const sid = { [LABEL.sid]: identity.sid }
  const all = new Set(Object.values(spec.services).flatMap(networksOf))
  if (all.size < 2) return [{ podSelector: { matchLabels: sid } }]
  return networksOf(service).map((network) => ({
    podSelector: { matchLabels: { ...sid, [toNetworkLabel(network)]: 'true' } },
  }))
}

function isSame(a: { port: number; protocol: string }, b: { port: number; protocol: string }): boolean {
  return a.port === b.port && a.protocol === b.protocol
}
