// Volumes of a system, and what its services mount.

/** A volume that the file describes. `external`: it is there already and is never made or removed. */
export type VolumeSpec = {
  /** Its name outside of the system; null: of the orchestrator's choice. */
  name: string | null
  external: boolean
  driver: string | null
  driverOptions: Record<string, string>
  labels: Record<string, string>
  extensions: Record<string, unknown>
}

type At = {
  /** Where it is in the container: an absolute path. */
  target: string
  readOnly: boolean
  consistency: string | null
  extensions: Record<string, unknown>
}

/** `volume`: null is an anonymous one. */
export type VolumeMount = At & {
  type: 'volume'
  volume: string | null
  subpath: string | null
  noCopy: boolean
  labels: Record<string, string>
}

/** `source`: a path as the file has it, relative to the project. */
export type BindMount = At & {
  type: 'bind'
  source: string
  propagation: string | null
  createHostPath: boolean
  recursive: string | null
  selinux: 'z' | 'Z' | null
}

/** `sizeBytes` null: no limit of its own. `options`: what else the short form says (`uid=1000`). */
export type TmpfsMount = At & {
  type: 'tmpfs'
  sizeBytes: number | null
  mode: number | null
  options: string[]
}

export type ImageMount = At & { type: 'image'; image: string; subpath: string | null }

export type PipeMount = At & { type: 'npipe'; source: string }

export type ClusterMount = At & { type: 'cluster'; source: string }

/** `pvc://claim/sub/path`, the form of the first Tycho: a claim that exists. */
export type ClaimMount = At & { type: 'claim'; claim: string; subpath: string | null }

export type Mount = VolumeMount | BindMount | TmpfsMount | ImageMount | PipeMount | ClusterMount | ClaimMount

/** `volumes_from`: everything that another service, or a container outside of the system, mounts. */
export type MountsFrom = { from: 'service' | 'container'; name: string; readOnly: boolean }
