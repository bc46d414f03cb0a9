// Objects of a swarm as its manager answers them: plain data, of which only what is read here is typed.
// https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Service
import type { Labels } from '../../engine/live.ts'

export type ServicePort = {
  TargetPort?: number
  PublishedPort?: number
  Protocol?: string
  PublishMode?: string
}

export type LiveService = {
  ID: string
  Version: { Index: number }
  CreatedAt: string
  Spec: {
    Name: string
    Labels?: Labels | null
    TaskTemplate?: {
      ContainerSpec?: { Image?: string; Healthcheck?: { Test?: string[] | null } | null; TTY?: boolean }
      RestartPolicy?: { Condition?: string; MaxAttempts?: number }
      [key: string]: unknown
    }
    Mode?: {
      Replicated?: { Replicas?: number }
      ReplicatedJob?: { MaxConcurrent?: number; TotalCompletions?: number }
      Global?: object
      GlobalJob?: object
    }
    EndpointSpec?: { Ports?: ServicePort[] | null }
  }
  /** Those of the routing mesh have their numbers here. */
  Endpoint?: { Ports?: ServicePort[] | null }
  UpdateStatus?: { State?: string; Message?: string }
}

export type LiveTask = {
  ID: string
  ServiceID: string
  Slot?: number
  CreatedAt: string
  Spec?: unknown
  DesiredState: string
  Status: {
    State: string
    Timestamp?: string
    Message?: string
    Err?: string
    ContainerStatus?: { ContainerID?: string; ExitCode?: number }
  }
}

/** A config or a secret. */
export type LiveFile = { ID: string; CreatedAt: string; Spec: { Name: string; Labels?: Labels | null } }

export function labelsOf({ Spec: { Labels: labels } }: { Spec: { Labels?: Labels | null } }): Labels {
  return labels ?? {}
}
