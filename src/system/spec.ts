// The canonical, checked description of a system: long forms only, no orchestrator's words.
import type { BuildSpec } from './build.ts'
import type { Deploy, DeviceMapping, DeviceRequest, GenericResource } from './deploy.ts'
import type { FileGrant, FileSpec, FileTree } from './files.ts'
import type { ModelGrant, ModelSpec } from './models.ts'
import type { Mount, MountsFrom, TmpfsMount, VolumeSpec } from './mounts.ts'
import type { Dns, Link, Namespaces, NetworkAttachment, NetworkSpec } from './networks.ts'
import type {
  BlockIo,
  CpuSettings,
  CredentialSpec,
  Hooks,
  Logging,
  MemorySettings,
  Platform,
  PullPolicy,
  Security,
  Ulimit,
  User,
} from './process.ts'

/** Everything a Compose file says about one system, after loading. Maps keep the file's order. */
export type SystemSpec = {
  /** The Compose `name:`, normalised (specification, "Name top-level element"); null when the file gives none. */
  name: string | null
  services: Record<string, ServiceSpec>
  networks: Record<string, NetworkSpec>
  volumes: Record<string, VolumeSpec>
  configs: Record<string, FileSpec>
  secrets: Record<string, FileSpec>
  models: Record<string, ModelSpec>
  /**
   * What came with the request of that which configs, secrets and bind mounts name, by the path that they give. A path
   * that is absent did not come.
   */
  files: Record<string, FileTree>
  /** Top-level `x-*` keys, unread. */
  extensions: Extensions
  /**
   * Values of the request's variables that are called like secrets, wherever the file puts them: nothing runs by them, they
   * say what must not be shown. Left out: none.
   */
  secretValues?: readonly string[]
}

export type Extensions = Record<string, unknown>

/** null, [] and {} stand for what the file does not say; `emptyService` has them all. */
export type ServiceSpec = {
  /** Empty only where `build` says how to make one, or a `provider` needs none. */
  image: string
  build: BuildSpec | null
  platform: Platform | null
  pullPolicy: PullPolicy | null
  /** Arguments; null keeps the image's own, [] clears them. */
  command: string[] | null
  /** The program; null keeps the image's own (and its command), [] clears it. */
  entrypoint: string[] | null
  workingDir: string | null
  user: User | null
  groupAdd: string[]
  environment: Record<string, string>
  init: boolean | null
  tty: boolean
  stdinOpen: boolean
  stopSignal: string | null
  stopGracePeriodMs: number | null
  hooks: Hooks
  labels: Record<string, string>
  annotations: Record<string, string>
  containerName: string | null
  hostname: string | null
  domainname: string | null
  /** Published and container ports of `ports`. */
  ports: PortSpec[]
  /** Ports of `expose`: open to the other services only. */
  expose: ExposedPort[]
  /** Empty: the default network, where the network namespace is the service's own (see `networksOf`). */
  networks: Record<string, NetworkAttachment>
  namespaces: Namespaces
  links: Link[]
  externalLinks: Link[]
  /** Host name -> addresses. */
  extraHosts: Record<string, string[]>
  dns: Dns
  macAddress: string | null
  /** `volumes`, in order. */
  mounts: Mount[]
  /** `tmpfs`, in order. */
  tmpfs: TmpfsMount[]
  mountsFrom: MountsFrom[]
  shmSizeBytes: number | null
  storageOptions: Record<string, string>
  configs: FileGrant[]
  secrets: FileGrant[]
  models: Record<string, ModelGrant>
  replicas: number
  /** Whichever way they are written: `deploy.resources`, or `cpus`, `mem_limit` and their like. */
  resources: { limits: Resources; reservations: Reservations }
  cpu: CpuSettings
  memory: MemorySettings
  blockIo: BlockIo | null
  ulimits: Record<string, Ulimit>
  sysctls: Record<string, string>
  devices: DeviceMapping[]
  /** `gpus`. */
  gpus: DeviceRequest[]
  security: Security
  runtime: string | null
  isolation: string | null
  credentialSpec: CredentialSpec | null
  cgroupParent: string | null
  /** Whichever way it is written: `restart` or `deploy.restart_policy`. */
  restart: Restart
  deploy: Deploy
  healthcheck: Healthcheck | null
  /** The image's own healthcheck is not run either (`disable`, `test: NONE`). */
  healthcheckOff: boolean
  dependsOn: Record<string, Dependency>
  logging: Logging | null
  attach: boolean | null
  /** `develop`, as plain data: no orchestrator runs it. */
  develop: unknown
  provider: { type: string; options: Record<string, unknown> } | null
  useApiSocket: boolean
  /** Service-level `x-*` keys, unread. */
  extensions: Extensions
}

export type Protocol = 'tcp' | 'udp' | 'sctp'

export type ExposedPort = { port: number; protocol: Protocol }

export type PortSpec = {
  /** The container's port, 1 to 65535. */
  target: number
  /** The port asked for on the outside, or a range of which any will do; null: any. */
  published: { from: number; to: number } | null
  protocol: Protocol
  hostIp: string | null
  name: string | null
  appProtocol: string | null
  mode: 'ingress' | 'host'
  extensions: Extensions
}

/** CPUs in cores (0.5 is half a core), memory in bytes; null: not said. */
export type Resources = { cpus: number | null; memoryBytes: number | null; pids: number | null }

/** What is set aside for a service. */
export type Reservations = Resources & { devices: DeviceRequest[]; genericResources: GenericResource[] }

/** `unset` differs from `no`: it is Compose's default, of which each orchestrator says what it does. */
export type Restart =
  | { condition: 'unset' | 'no' | 'always' | 'unless-stopped' }
  | { condition: 'on-failure'; maxAttempts: number | null }

/** A healthcheck with Docker's defaults filled in. */
export type Healthcheck = {
  test: { kind: 'shell'; command: string } | { kind: 'exec'; argv: string[] }
  intervalMs: number
  timeoutMs: number
  retries: number
  startPeriodMs: number
  startIntervalMs: number
}

export type DependencyCondition = 'started' | 'healthy' | 'completed'

export type Dependency = { condition: DependencyCondition; required: boolean; restart: boolean }

/** Who a system is: its name within a tenant, its incarnation, and where it runs. */
export type SystemIdentity = { tenant: string; namespace: string; name: string; sid: string }
