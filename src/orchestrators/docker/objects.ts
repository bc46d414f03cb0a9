// What the compiler gives and the engine makes: objects of a Docker engine, plain data, each with the name it will have.

/**
 * Of a Docker engine. `labels` are the system's own (see labels.ts) with those of the file. Objects that are `external`
 * are there already: they are looked for, never made and never removed.
 */
export type EngineObject = NetworkObject | VolumeObject | FilesObject | ImageObject | ContainerObject

/** One network of a system. `subnet`: as the file has it; null: the engine's side chooses one from the configured range. */
export type NetworkObject = {
  kind: 'network'
  name: string
  labels: Record<string, string>
  external: boolean
  driver: string
  options: Record<string, string>
  internal: boolean
  enableIpv6: boolean
  /** `reserved`: addresses that no container gets, by names of the file's choice (`AuxiliaryAddresses`). */
  subnets:
    | { subnet: string; gateway: string | null; ipRange: string | null; reserved: Record<string, string> }[]
    | null
  /** Who gives out addresses; `default` is the engine itself. */
  ipam: { driver: string; options: Record<string, string> }
}

/** A named volume: it belongs to tenant and system, and outlives a stop unless asked otherwise. */
export type VolumeObject = {
  kind: 'volume'
  name: string
  labels: Record<string, string>
  external: boolean
  driver: string
  driverOptions: Record<string, string>
}

/**
 * Configs, secrets and files of the request that containers of the system mount, in one volume of the engine. Its name
 * holds a hash of what is in it, so that other content is another object. `image`: with which the volume can be filled,
 * by a container that never runs.
 */
export type FilesObject = {
  kind: 'files'
  name: string
  labels: Record<string, string>
  image: string
  /** By relative paths of plain names (`web/index.html`). */
  entries: Record<string, FileEntry>
}

/** `mode`: permission bits. Content is text, or bytes in base64. `secret`: it is never shown. */
export type FileEntry = {
  content: string | { base64: string }
  mode: number
  uid: number
  gid: number
  secret: boolean
}

/** What a container is made from: pulled, or built from the request's files (`build`). */
export type ImageObject = {
  kind: 'image'
  /** The reference that the containers name. */
  name: string
  labels: Record<string, string>
  /** `os/arch[/variant]`; null: the engine's own. */
  platform: string | null
  pull: 'missing' | 'always' | 'never'
  build: ImageBuild | null
}

/** Parameters of `POST /build`; `context`: paths below it to contents, with the Dockerfile among them. */
export type ImageBuild = {
  context: Record<string, string | { base64: string }>
  dockerfile: string
  target: string | null
  args: Record<string, string>
  labels: Record<string, string>
  tags: string[]
  noCache: boolean
  pull: boolean
  network: string | null
  shmSizeBytes: number | null
  extraHosts: string[]
  cacheFrom: string[]
  ulimits: { Name: string; Soft: number; Hard: number }[]
}

/**
 * One copy of a service. `create`: the body of `POST /containers/create` (Docker Engine API v1.41) without networks and
 * without what `files` mounts. `networks`: the first is given at the create, the others are connected before the start.
 */
export type ContainerObject = {
  kind: 'container'
  name: string
  service: string
  labels: Record<string, string>
  /** The name of its ImageObject. */
  image: string
  create: Record<string, unknown>
  networks: ContainerNetwork[]
  /** `key`: the path of an entry, or of a folder of entries, which is mounted as a whole; '' is all of them. */
  files: { files: string; key: string; target: string; readOnly: boolean }[]
  /** Left out of `create`: a port that is asked for and taken is assigned by the engine instead. */
  ports: ContainerPort[]
  /** It is made, but not started: a suspended system's, or of a service without copies. */
  suspended: boolean
  /**
   * Run in the container, one after the other, once it was started; one that fails fails the start. What is run before it
   * is stopped stands in its label `preStop`, because a stop knows nothing else.
   */
  postStart: ExecStep[]
}

/** The body of `POST /containers/{id}/exec`; its output goes nowhere. */
export type ExecStep = {
  Cmd: string[]
  Env?: string[]
  User?: string
  WorkingDir?: string
  Privileged?: boolean
}

export type ContainerNetwork = {
  network: string
  aliases: string[]
  ipv4: string | null
  ipv6: string | null
  macAddress: string | null
  linkLocalIps: string[]
  driverOptions: Record<string, string>
  /** Which network is the way out; null: the engine chooses. Only where the engine knows it (API 1.48). */
  gatewayPriority: number | null
}

/** `asked`: any of the range will do; null: the engine assigns one. `hostIp`: null is every address. */
export type ContainerPort = {
  containerPort: number
  protocol: 'tcp' | 'udp' | 'sctp'
  hostIp: string | null
  asked: { from: number; to: number } | null
}

/** As it stands in changes and in what remains; files are a volume of the engine. */
export function subjectOf({ kind, name }: Pick<EngineObject, 'kind' | 'name'>): string {
  return `${kind === 'files' ? 'volume' : kind}/${name}`
}
