// `deploy` in the model, but for replicas and resources (specification, "Compose Deploy Specification").
import type { Deploy, Placement, Rollout } from '../../system/deploy.ts'
import type { Restart } from '../../system/spec.ts'
import { scalarAt } from '../node.ts'
import type { Reader } from './reader.ts'

const MODES = ['replicated', 'global', 'replicated-job', 'global-job'] as const

export function buildDeploy(service: Reader): Deploy {
  const deploy = service.below('deploy')
  const policy = deploy.below('restart_policy')
  return {
    mode: deploy.oneOf('mode', MODES) ?? 'replicated',
    endpointMode: deploy.oneOf('endpoint_mode', ['vip', 'dnsrr']),
    labels: deploy.textMap('labels'),
    placement: placementOf(deploy.below('placement')),
    update: rolloutAt(deploy, 'update_config'),
    rollback: rolloutAt(deploy, 'rollback_config'),
    restartDelayMs: policy.durationMs('delay'),
    restartWindowMs: policy.durationMs('window'),
  }
}

function placementOf(placement: Reader): Placement {
  return {
    constraints: placement.texts('constraints'),
    spread: placement.items('preferences').flatMap((preference) => preference.text('spread') ?? []),
    maxReplicasPerNode: placement.number('max_replicas_per_node'),
  }
}

function rolloutAt(deploy: Reader, key: string): Rollout | null {
  if (!deploy.has(key)) return null
  const config = deploy.below(key)
  return {
    parallelism: config.number('parallelism'),
    delayMs: config.durationMs('delay'),
    failureAction: config.oneOf('failure_action', ['continue', 'pause', 'rollback']),
    monitorMs: config.durationMs('monitor'),
    maxFailureRatio: config.number('max_failure_ratio'),
    order: config.oneOf('order', ['stop-first', 'start-first']),
  }
}

/** `deploy.restart_policy` wins over `restart` (specification, "restart_policy"). */
export function buildRestart(service: Reader): Restart {
  const own = ownRestart(service)
  const deploy = service.below('deploy')
  if (!deploy.has('restart_policy')) return own
  const policy = deploy.below('restart_policy')
  const maxAttempts = policy.number('max_attempts')
  const condition = policy.oneOf('condition', ['none', 'on-failure', 'any', 'no', 'always', 'unless-stopped'])
  switch (condition) {
    case 'none':
    case 'no':
      return { condition: 'no' }
    case 'on-failure':
      return { condition, maxAttempts }
    case 'unless-stopped':
      return { condition }
    case 'any':
    case 'always':
    case null:
      return { condition: 'always' }
    default:
      return condition satisfies never
  }
}

/** Specification, "restart". */
function ownRestart(service: Reader): Restart {
  const node = scalarAt(service.map, 'restart')
  if (!node) return { condition: 'unset' }
  const onFailure = /^on-failure(?::(\d{1,9}))?$/.exec(node.text)
  if (onFailure)
    return { condition: 'on-failure', maxAttempts: onFailure[1] === undefined ? null : Number(onFailure[1]) }
  if (node.text === 'no' || node.text === 'always' || node.text === 'unless-stopped')
    return { condition: node.text }
  service.invalid('restart', 'it must be `no`, `always`, `on-failure`, `on-failure:3` or `unless-stopped`')
  return { condition: 'unset' }
}
