// The services of one pod, and what they say of it together.

import { mountsOf } from '../../../system/mounts-of.ts'
import { toHostname } from '../../../system/names.ts'
import { type NetworkAttachment, networksOf } from '../../../system/networks.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { ANNOTATION } from '../labels.ts'
import type { Context } from './context.ts'
import { type ServiceExtension, X_K8S } from './extensions.ts'
import { hostsOf } from './pod-groups.ts'
import { toGracePeriodSeconds } from './stop.ts'

export type Member = { name: string; service: ServiceSpec }

/** The service after which the pod of this one is named. */
export function leaderOf(name: string, { groups }: Context): string {
  return groups.get(name)?.leader ?? name
}

/** The services that share a pod with this one, itself among them, in the order in which they start. */
export function membersOf(name: string, { spec, groups }: Context): Member[] {
  return (groups.get(name)?.members ?? [name]).flatMap((member) => {
    const service = spec.services[member]
    return service ? [{ name: member, service }] : []
  })
}

/** Which services the containers of a pod are, in their order; a pod of one service is found by its label. */
export function toServicesAnnotation(name: string, { groups }: Context): Record<string, string> | undefined {
  const group = groups.get(name)
  return group?.leader === name ? { [ANNOTATION.services]: group.members.join(' ') } : undefined
}

/**
 * What is of the pod as a whole, as one service says it: the leader's own, where there is no other. What several say adds
 * up, and the leader's word comes before another's. Where they can't agree, `checkPodGroups` has refused them.
 */
export function toPodService(name: string, service: ServiceSpec, context: Context): ServiceSpec {
  const members = membersOf(name, context)
  if (members.length < 2) return service
  const all = [service, ...members.filter((one) => one.name !== name).map((one) => one.service)]
  const last = <Of>(of: (one: ServiceSpec) => Record<string, Of>) =>
    Object.assign({}, ...all.map(of).reverse())
  return {
    ...service,
    labels: last((one) => one.labels),
    annotations: last((one) => one.annotations),
    platform: all.find(({ platform }) => platform)?.platform ?? null,
    user: all.find(({ user }) => user)?.user ?? null,
    groupAdd: all.flatMap(({ groupAdd }) => groupAdd),
    sysctls: last((one) => one.sysctls),
    networks: toNetworks(all),
    extraHosts: { ...toOwnNames(name, members), ...last((one) => one.extraHosts) },
    dns: toDns(all),
    stopGracePeriodMs: 1000 * Math.max(...all.map(toGracePeriodSeconds)),
    mounts: all.flatMap((one) => mountsOf(one, context.spec)),
    tmpfs: [],
    mountsFrom: [],
    configs: all.flatMap(({ configs }) => configs),
    secrets: all.flatMap(({ secrets }) => secrets),
    security: { ...service.security, options: all.flatMap(({ security }) => security.options) },
    deploy: { ...service.deploy, placement: toPlacement(all) },
    extensions: toExtensions(all),
  }
}

/** In Docker only who says `network_mode` has no name of its own; the others are found by theirs, here within the pod. */
function toOwnNames(leader: string, members: readonly Member[]): Record<string, string[]> {
  const named = members.filter(
    ({ name, service }) => name !== leader && !hostsOf(service).some(([, by]) => by === 'network'),
  )
  return Object.fromEntries(named.map(({ name }) => [toHostname(name), ['127.0.0.1']]))
}

/** The pod is on the networks of all its services, the default one among them where another is named beside it. */
function toNetworks(all: readonly ServiceSpec[]): ServiceSpec['networks'] {
  if (all.every(({ networks }) => Object.keys(networks).length === 0)) return {}
  const attached = all.flatMap((one) =>
    networksOf(one).map((name) => [name, one.networks[name] ?? NOTHING_SAID]),
  )
  return Object.fromEntries(attached)
}

const NOTHING_SAID: NetworkAttachment = {
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

function toDns(all: readonly ServiceSpec[]): ServiceSpec['dns'] {
  const joined = (key: keyof ServiceSpec['dns']) => [...new Set(all.flatMap(({ dns }) => dns[key]))]
  return { servers: joined('servers'), search: joined('search'), options: joined('options') }
}

function toPlacement(all: readonly ServiceSpec[]): ServiceSpec['deploy']['placement'] {
  const placements = all.map(({ deploy }) => deploy.placement)
  const limits = placements.flatMap(({ maxReplicasPerNode }) => maxReplicasPerNode ?? [])
  return {
    constraints: [...new Set(placements.flatMap(({ constraints }) => constraints))],
    spread: [...new Set(placements.flatMap(({ spread }) => spread))],
    maxReplicasPerNode: limits.length > 0 ? Math.min(...limits) : null,
  }
}

function toExtensions(all: readonly ServiceSpec[]): ServiceSpec['extensions'] {
  const said = all.map(({ extensions }) => (extensions[X_K8S] ?? {}) as ServiceExtension)
  const backwards = [...said].reverse()
  const extension: ServiceExtension = {
    ...Object.assign({}, ...backwards),
    nodeSelector: Object.assign({}, ...backwards.map(({ nodeSelector }) => nodeSelector)),
    tolerations: said.flatMap(({ tolerations }) => tolerations ?? []),
    imagePullSecrets: unlessEmpty(said.flatMap(({ imagePullSecrets }) => imagePullSecrets ?? [])),
    podSecurity: Object.assign({}, ...backwards.map(({ podSecurity }) => podSecurity)),
  }
  return { ...all[0]?.extensions, [X_K8S]: extension }
}

/** A list that says nothing leaves the word to Kompose's label. */
function unlessEmpty<Of>(list: Of[]): Of[] | undefined {
  return list.length > 0 ? list : undefined
}
