// A container as it is seen: what of the engine's answer says how it stands. Pure.
import { createHash } from 'node:crypto'
import type { SystemIdentity } from '../../../system/spec.ts'
import { LABEL } from '../labels.ts'
import { type LiveContainer, type LiveState, labelsOf, nameOf, timeOf } from './live.ts'
import { identityOf } from './selectors.ts'

export type SeenContainer = {
  identity: SystemIdentity
  /** Undefined for one that runs nothing of a service. */
  service: string | undefined
  id: string
  name: string
  createdAt: number
  /** 0: it never ran. */
  startedAt: number
  status: LiveState['Status']
  health: 'none' | 'starting' | 'healthy' | 'unhealthy'
  failingStreak: number
  exitCode: number
  /** The engine's words about a start that failed; empty: none did. */
  error: string
  isOutOfMemory: boolean
  restarts: number
  policy: 'no' | 'on-failure' | 'always' | 'unless-stopped'
  /** It is not to be started. */
  rests: boolean
  /** The whole system is. */
  isSuspended: boolean
  /** Differs as soon as something else is asked of it. */
  mark: string
}

/** Undefined for what belongs to no system. */
export function toSeen(live: LiveContainer): SeenContainer | undefined {
  const labels = labelsOf(live)
  const identity = identityOf(labels)
  if (!identity) return undefined
  const { State: state } = live
  return {
    identity,
    service: labels[LABEL.service],
    id: live.Id,
    name: nameOf(live),
    createdAt: timeOf(live.Created),
    startedAt: timeOf(state.StartedAt),
    status: state.Status,
    health: healthOf(state),
    failingStreak: state.Health?.FailingStreak ?? 0,
    exitCode: state.ExitCode ?? 0,
    error: state.Running ? '' : (state.Error ?? ''),
    isOutOfMemory: state.OOMKilled ?? false,
    restarts: live.RestartCount ?? 0,
    policy: policyOf(live),
    rests: labels[LABEL.rests] === 'true',
    isSuspended: labels[LABEL.suspended] === 'true',
    mark: markOf(live),
  }
}

function healthOf({ Health: health }: LiveState): SeenContainer['health'] {
  switch (health?.Status) {
    case 'starting':
    case 'healthy':
    case 'unhealthy':
      return health.Status
    default:
      return 'none'
  }
}

function policyOf({ HostConfig: { RestartPolicy: policy } }: LiveContainer): SeenContainer['policy'] {
  switch (policy?.Name) {
    case 'on-failure':
    case 'always':
    case 'unless-stopped':
      return policy.Name
    default:
      return 'no'
  }
}

/** Who updates a container, renames it or takes it off a network asks something else of it; who restarts it does not. */
function markOf(live: LiveContainer): string {
  const networks = Object.keys(live.NetworkSettings?.Networks ?? {}).sort()
  const asked = JSON.stringify([live.Id, live.Name, live.HostConfig, networks])
  return createHash('sha256').update(asked).digest('base64url').slice(0, 16)
}
