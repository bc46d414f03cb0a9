// What every part of the compiler may look at. Nothing in it is written.

import type { Exposure } from '../../../system/endpoint.ts'
import { networksOf } from '../../../system/networks.ts'
import { DEFAULT_POLICY, type Policy } from '../../../system/policy.ts'
import type { SettingsByService } from '../../../system/service-settings.ts'
import type { SystemIdentity, SystemSpec } from '../../../system/spec.ts'
import type { CompileInput, IngressSettings } from '../../orchestrator.ts'
import { withBounds } from '../../shared/policy.ts'
import type { ClusterFacts } from '../facts.ts'
import { withKompose } from './kompose-spec.ts'
import { type PodGroups, toPodGroups } from './pod-groups.ts'
import { withPodUsers } from './pod-user.ts'
import { countPods } from './pods-with.ts'
import { type Hosts, toHosts } from './stable-address.ts'

export type Context = {
  identity: SystemIdentity
  spec: SystemSpec
  exposure: Exposure
  settings: SettingsByService
  policy: Policy
  ingress: IngressSettings
  facts: ClusterFacts
  /** Everything is kept, and nothing runs. */
  suspended: boolean
  /** RFC 3339; null: never restarted. */
  restartedAt: string | null
  /** Services of which another one waits for the completion. */
  awaited: ReadonlySet<string>
  /** Counted once: it is asked for of each service. */
  serviceCount: number
  /** Of all services. */
  networks: ReadonlySet<string>
  /** Services that share a pod. */
  groups: PodGroups
  /** How many pods hold a volume at once. */
  podsWith: ReadonlyMap<string, number>
  /** Names that pods have in their hosts file. */
  hosts: Hosts
}

export function toContext(input: CompileInput, facts: ClusterFacts): Context {
  const dependencies = Object.values(input.spec.services).flatMap(({ dependsOn }) =>
    Object.entries(dependsOn),
  )
  const completed = dependencies.filter(([, { condition }]) => condition === 'completed')
  const policy = input.policy ?? DEFAULT_POLICY
  const spec = withPodUsers(withBounds(withKompose(input.spec), policy), policy)
  const groups = toPodGroups(spec)
  const context = {
    ...input,
    spec,
    settings: input.settings ?? {},
    policy,
    ingress: input.ingress ?? { host: null, className: null },
    facts,
    suspended: input.suspended ?? false,
    restartedAt: input.restartedAt ?? null,
    serviceCount: Object.keys(input.spec.services).length,
    awaited: new Set(completed.map(([name]) => name)),
    networks: new Set(Object.values(input.spec.services).flatMap(networksOf)),
    groups,
    podsWith: countPods(spec, groups),
    hosts: {},
  }
  return { ...context, hosts: toHosts(context) }
}

/** A system of several services has a headless V1Service, its owner, by which they find each other. */
export function hasDiscovery(context: Context): boolean {
  return context.serviceCount > 1
}

/** Whether the cluster is at least of this version of Kubernetes 1. */
export function isAtLeast(facts: ClusterFacts, minor: number): boolean {
  const { version } = facts
  return version.major > 1 || (version.major === 1 && version.minor >= minor)
}
