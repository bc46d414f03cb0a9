// The canonical, checked description of a system: long forms only, no orchestrator's words.

/** Everything a Compose file says about one system, after loading. Maps keep the file's order. */
export type SystemSpec = {
  /** The Compose `name:`, normalised (specification, "Name top-level element"); null when the file gives none. */
  name: string | null
  services: Record<string, ServiceSpec>
  /** Top-level `x-*` keys, unread. */
  extensions: Extensions
}

export type Extensions = Record<string, unknown>

export type ServiceSpec = {
  image: string
  /** Arguments; null keeps the image's own, [] clears them. */
  command: string[] | null
  /** The program; null keeps the image's own (and its command), [] clears it. */
  entrypoint: string[] | null
  environment: Record<string, string>
  /** Published and container ports of `ports`. */
  ports: PortSpec[]
  /** Ports of `expose`: open to the other services only. */
  expose: ExposedPort[]
  replicas: number
  resources: { limits: Resources; reservations: Resources }
  restart: Restart
  healthcheck: Healthcheck | null
  dependsOn: Record<string, Dependency>
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
}

/** CPUs in cores (0.5 is half a core), memory in bytes; null: not said. */
export type Resources = { cpus: number | null; memoryBytes: number | null; pids: number | null }

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
