// How the copies of a service are placed, replaced and given hardware.

export type DeployMode = 'replicated' | 'global' | 'replicated-job' | 'global-job'

export type Deploy = {
  mode: DeployMode
  endpointMode: 'vip' | 'dnsrr' | null
  labels: Record<string, string>
  placement: Placement
  update: Rollout | null
  rollback: Rollout | null
  /** What `restart_policy` says beside the condition and the attempts, which are the service's `restart`. */
  restartDelayMs: number | null
  restartWindowMs: number | null
}

export type Placement = {
  /** `node.labels.zone == a`, as written. */
  constraints: string[]
  /** Node labels over whose values the copies are spread. */
  spread: string[]
  maxReplicasPerNode: number | null
}

/** `parallelism` 0: all at once. */
export type Rollout = {
  parallelism: number | null
  delayMs: number | null
  failureAction: 'continue' | 'pause' | 'rollback' | null
  monitorMs: number | null
  maxFailureRatio: number | null
  order: 'stop-first' | 'start-first' | null
}

/** `count` null: not said. */
export type DeviceRequest = {
  driver: string | null
  count: number | 'all' | null
  deviceIds: string[]
  capabilities: string[]
  options: Record<string, string>
}

export type GenericResource = { kind: string; value: number }

/** A device of the machine; `permissions` as cgroups have it (`rwm`). A CDI name is a source without a target. */
export type DeviceMapping = { source: string; target: string | null; permissions: string | null }
