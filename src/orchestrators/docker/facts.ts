// What the compiler must know of an engine, so that it can stay pure: read by the engine's side, used by the compiler.

export type EngineFacts = {
  /** Of the Engine API that it speaks (`ApiVersion` of `GET /version`). A field that is newer is never sent. */
  api: { major: number; minor: number }
  /** As it calls itself (`28.5.1`). */
  version: string
  /** In Go's words (`linux`, `amd64`). */
  os: string
  architecture: string
  /** What it is in a swarm; `none`: it is in none. */
  swarm: 'none' | 'worker' | 'manager'
  /** Whether what is published in the routing mesh answers; it needs IPVS in the kernel. */
  routingMesh: boolean
  /** It runs without the rights of root, and so do its containers. */
  rootless: boolean
  storageDriver: string
  /** What the storage driver lies on (`extfs`, `xfs`); null: it does not say. */
  backingFilesystem: string | null
  /** Names by which a container may ask for a runtime (`runc`). */
  runtimes: string[]
  /** Drivers of volumes, with those of plugins (`local`). */
  volumeDrivers: string[]
}

/** A current engine as it is installed, for checks without one. */
export const CURRENT_ENGINE: EngineFacts = {
  api: { major: 1, minor: 51 },
  version: '28.5.1',
  os: 'linux',
  architecture: 'amd64',
  swarm: 'none',
  routingMesh: false,
  rootless: false,
  storageDriver: 'overlay2',
  backingFilesystem: 'extfs',
  runtimes: ['runc'],
  volumeDrivers: ['local'],
}

/** Whether the engine speaks at least this version of API 1. */
export function speaks({ api }: EngineFacts, minor: number): boolean {
  return api.major > 1 || (api.major === 1 && api.minor >= minor)
}
