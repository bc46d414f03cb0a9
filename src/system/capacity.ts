// What there is where systems run, and how much of it is used. Pure words: an orchestrator reads it.

/** How much an orchestrator is made for; the operator may say otherwise. */
export type ScaleLimits = {
  nodePorts: number
  services: number
  servicesPerNamespace: number
  deploymentsPerNamespace: number
  podsPerNamespace: number
}

/**
 * The default range of node ports, and the thresholds up to which Kubernetes is tested
 * (https://github.com/kubernetes/community/blob/master/sig-scalability/configs-and-limits/thresholds.md; pods and
 * Deployments of one namespace: what its controllers work through without falling behind).
 */
export const DEFAULT_SCALE_LIMITS: ScaleLimits = {
  nodePorts: 2_768,
  services: 10_000,
  servicesPerNamespace: 5_000,
  deploymentsPerNamespace: 2_000,
  podsPerNamespace: 3_000,
}

/** There is only so much of what is called `of` (a name of `Amounts`). `quota`: which one says so; null: a limit of scale. */
export type Bound = { of: string; limit: number; used: number; quota: string | null }

/** `leaving`: nothing more can be made in it. `unknown`: it may not be asked for. */
export type NamespaceState = 'present' | 'absent' | 'leaving' | 'unknown'

/** `unread`: of what it may not be read how much there is. */
export type NamespaceCapacity = {
  namespace: string
  state: NamespaceState
  bounds: Bound[]
  unread: string[]
}

/** `requested` null: what runs on the nodes may not be read, or is too much to be read. */
export type NodeAmount = { allocatable: number; requested: number | null }

/** Of all nodes that take pods. `cpu`: cores. `memory`: bytes. */
export type NodesCapacity = {
  count: number
  cpu: NodeAmount
  memory: NodeAmount
  pods: NodeAmount
  /** Node -> the images that it tells of, in full (`docker.io/library/nginx:latest`). */
  images: ReadonlyMap<string, ReadonlySet<string>>
}

/** `isWhole` false: counted only in the namespaces of systems. */
export type NodePortsCapacity = { limit: number; used: number; isWhole: boolean }

export type Capacity = {
  namespaces: NamespaceCapacity[]
  /** Services of all namespaces; null: they may not be read. */
  services: Bound | null
  /** Null: not asked for. */
  nodePorts: NodePortsCapacity | null
  /** Null: not asked for, or they may not be read. */
  nodes: NodesCapacity | null
}

/** What is not asked for costs nothing. */
export type CapacityAsked = { namespaces: readonly string[]; nodePorts: boolean; nodes: boolean }
