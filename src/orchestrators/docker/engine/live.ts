// Objects as the engine answers them: plain data, of which only what is read here is typed.
// https://docs.docker.com/reference/api/engine/version/v1.41/

export type Labels = Record<string, string>

/** `GET /containers/{id}/json`. */
export type LiveContainer = {
  Id: string
  /** With a slash before it. */
  Name: string
  Created: string
  /** Of the image: its id. */
  Image: string
  RestartCount?: number
  State: LiveState
  Config: {
    Labels?: Labels | null
    Image?: string
    Tty?: boolean
    /** Seconds. */
    StopTimeout?: number | null
  }
  HostConfig: {
    NetworkMode?: string
    PortBindings?: Record<string, PortBinding[] | null> | null
    RestartPolicy?: { Name?: string; MaximumRetryCount?: number }
    [key: string]: unknown
  }
  Mounts?: { Type?: string; Name?: string; Source?: string; Destination?: string }[]
  NetworkSettings?: {
    Ports?: Record<string, PortBinding[] | null> | null
    Networks?: Record<string, { NetworkID?: string; Aliases?: string[] | null } | null> | null
  }
}

export type LiveState = {
  Status: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead'
  Running?: boolean
  Restarting?: boolean
  OOMKilled?: boolean
  ExitCode?: number
  Error?: string
  StartedAt?: string
  FinishedAt?: string
  Health?: { Status?: string; FailingStreak?: number } | null
}

export type PortBinding = { HostIp?: string; HostPort?: string }

/** One of `GET /containers/json`. */
export type ListedContainer = {
  Id: string
  /** With a slash before each. */
  Names: string[]
  Labels?: Labels | null
  State: string
  Status?: string
  Ports?: { IP?: string; PrivatePort: number; PublicPort?: number; Type: string }[]
}

/** `GET /networks`, and one of them. */
export type LiveNetwork = {
  Id: string
  Name: string
  Created?: string
  Driver?: string
  Labels?: Labels | null
  IPAM?: { Config?: { Subnet?: string }[] | null } | null
  Containers?: Record<string, { Name?: string }> | null
}

/** `GET /volumes/{name}`. */
export type LiveVolume = {
  Name: string
  Driver?: string
  Mountpoint?: string
  CreatedAt?: string
  Labels?: Labels | null
  Options?: Record<string, string> | null
}

/** `GET /images/{name}/json`. */
export type LiveImage = {
  Id: string
  RepoTags?: string[] | null
  RepoDigests?: string[] | null
  Config?: { Labels?: Labels | null } | null
  Os?: string
  Architecture?: string
}

export function nameOf(container: Pick<LiveContainer, 'Name'>): string {
  return container.Name.replace(/^\//, '')
}

export function labelsOf(container: Pick<LiveContainer, 'Config'>): Labels {
  return container.Config.Labels ?? {}
}

/** Milliseconds since the epoch; 0 for what has not happened, which the engine writes as the year 1. */
export function timeOf(text: string | undefined): number {
  const at = Date.parse(text ?? '')
  return at > 0 ? at : 0
}
