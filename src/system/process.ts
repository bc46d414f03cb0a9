// What a service's process may do and how it ends: limits, rights, hooks.

/** `user` as written: a number, a name, or either with a group. */
export type User = { user: string; group: string | null }

export type Platform = { os: string | null; architecture: string | null; variant: string | null }

export type PullPolicy =
  | { when: 'always' | 'never' | 'missing' | 'build' }
  | { when: 'refresh'; everyMs: number | null }

/** -1: no limit. */
export type Ulimit = { soft: number; hard: number }

/** `no-new-privileges`, `label=user:x`: a name and, where there is one, a value. */
export type SecurityOption = { name: string; value: string | null }

export type Security = {
  privileged: boolean
  capAdd: string[]
  capDrop: string[]
  options: SecurityOption[]
  readOnlyRoot: boolean
  deviceCgroupRules: string[]
}

/** Settings of the machine's scheduler beyond limits and reservations; null: not said. */
export type CpuSettings = {
  shares: number | null
  quotaUs: number | null
  periodUs: number | null
  realtimePeriodUs: number | null
  realtimeRuntimeUs: number | null
  count: number | null
  percent: number | null
  set: string | null
}

/** Settings of the machine's memory beyond limits and reservations; null: not said. `swapBytes` -1: no limit. */
export type MemorySettings = {
  swapBytes: number | null
  swappiness: number | null
  oomKillDisable: boolean
  oomScoreAdjustment: number | null
}

export type BlockIo = {
  weight: number | null
  deviceWeights: { path: string; weight: number }[]
  readBytesPerSecond: DeviceRate[]
  writeBytesPerSecond: DeviceRate[]
  readsPerSecond: DeviceRate[]
  writesPerSecond: DeviceRate[]
}

export type DeviceRate = { path: string; rate: number }

/** One step of `pre_start`, `post_start` or `pre_stop`. `image` null: the service's own. */
export type Hook = {
  /** null: the image's own. */
  command: string[] | null
  image: string | null
  user: string | null
  privileged: boolean
  workingDir: string | null
  environment: Record<string, string>
  /** `pre_start` only: for each copy of the service, or once before all. */
  perReplica: boolean
}

export type Hooks = { preStart: Hook[]; postStart: Hook[]; preStop: Hook[] }

export type Logging = { driver: string | null; options: Record<string, string> }

/** Windows only: where the credential specification is. */
export type CredentialSpec = { config: string | null; file: string | null; registry: string | null }
