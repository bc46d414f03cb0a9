// How an image is built from the files of the request.
import type { FileGrant } from './files.ts'
import type { Ulimit } from './process.ts'

export type BuildSpec = {
  /** A folder relative to the project, or a URL; null with an inline Dockerfile alone. */
  context: string | null
  dockerfile: string | null
  dockerfileInline: string | null
  target: string | null
  args: Record<string, string>
  additionalContexts: Record<string, string>
  labels: Record<string, string>
  tags: string[]
  platforms: string[]
  secrets: FileGrant[]
  /** Agent sockets or keys by id; '' is the default agent. */
  ssh: Record<string, string>
  cacheFrom: string[]
  cacheTo: string[]
  noCache: boolean
  pull: boolean
  network: string | null
  shmSizeBytes: number | null
  extraHosts: Record<string, string[]>
  isolation: string | null
  privileged: boolean
  entitlements: string[]
  ulimits: Record<string, Ulimit>
  provenance: string | null
  sbom: string | null
}
