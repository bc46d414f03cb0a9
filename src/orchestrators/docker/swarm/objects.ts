// What the compiler gives and a swarm's manager makes: plain data, each object with the name it will have.
import type { NetworkObject } from '../objects.ts'

/** Networks are overlays. Objects that are `external` are there already: never made and never removed. */
export type SwarmObject = NetworkObject | FileObject | ServiceObject

/**
 * A config or a secret of the swarm: a file that services mount. Its name holds a hash of what is in it, so that other
 * content is another object; what nobody mounts any more can then be removed. `content`: text, or bytes in base64; null
 * of one that is external.
 */
export type FileObject = {
  kind: 'config' | 'secret'
  name: string
  labels: Record<string, string>
  external: boolean
  content: string | { base64: string } | null
}

/**
 * A service of the swarm. `spec`: the body of `POST /services/create` (Docker Engine API v1.41) without its name and
 * labels, and without what has an id that nobody knows beforehand: `networks` belong to `TaskTemplate.Networks`, `files` to
 * `Configs` and `Secrets` of `TaskTemplate.ContainerSpec`.
 */
export type ServiceObject = {
  kind: 'service'
  name: string
  /** The Compose service, or the step before one. */
  service: string
  /** Of the service itself; its containers have their own in `spec`. */
  labels: Record<string, string>
  spec: Record<string, unknown>
  networks: ServiceNetwork[]
  files: ServiceFile[]
  /** No copies of it run: its system is suspended, or it has none. */
  suspended: boolean
}

/** `network`: a name; `host` is the network of the machine. */
export type ServiceNetwork = { network: string; aliases: string[]; driverOptions: Record<string, string> }

/** `file`: the name of a FileObject. `mode`: permission bits. `uid` and `gid` are numbers as texts, as the API has them. */
export type ServiceFile = {
  kind: FileObject['kind']
  file: string
  target: string
  uid: string
  gid: string
  mode: number
}
