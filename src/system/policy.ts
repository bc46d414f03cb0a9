// What the operator allows a tenant's systems. The words are the policy file's.

/** Keys of a file that give rights over the machine, each refused unless it is allowed by name. */
export const PERMISSIONS = [
  'privileged',
  'cap_add',
  'root',
  'host_network',
  'host_pid',
  'host_ipc',
  'host_users',
  'host_ports',
  'host_path',
  'docker_socket',
  'unsafe_sysctls',
  'unconfined',
] as const

export type Permission = (typeof PERMISSIONS)[number]

/** Of one service; null: no bound. */
export type ResourceBounds = { cpus: number | null; memoryBytes: number | null }

/** How a volume's size is written: bytes, or with a unit of 1000 (`10G`) or 1024 (`10Gi`). */
export const VOLUME_SIZE = '^[0-9]+(\\.[0-9]+)?([KMGTPE]i|[kMGTPE])?$'

/** What a named volume gets of which its file does not say it; null: the orchestrator's own. */
export type VolumeDefaults = { size: string | null; storageClass: string | null }

/** `images` null: any; else patterns of which one fits (`registry.example.org/class/*`). `isolate`: systems of the tenant do not reach each other. */
export type Policy = {
  allow: readonly Permission[]
  images: readonly string[] | null
  resources: { default: ResourceBounds; max: ResourceBounds }
  volumes: VolumeDefaults
  isolate: boolean
  serviceAccounts: readonly string[]
}

/** Where the operator says nothing: nothing dangerous, any image, no bounds. */
export const DEFAULT_POLICY: Policy = {
  allow: [],
  images: null,
  resources: { default: { cpus: null, memoryBytes: null }, max: { cpus: null, memoryBytes: null } },
  volumes: { size: null, storageClass: null },
  isolate: false,
  serviceAccounts: [],
}

/** Where clouds tell a machine its credentials: of EC2 and most others, of ECS tasks, and of EC2 over IPv6. */
export const METADATA_ADDRESSES: readonly string[] = [
  '169.254.169.254/32',
  '169.254.170.2/32',
  'fd00:ec2::254/128',
]
