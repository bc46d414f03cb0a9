// `deploy.update_config`: how the pods of an earlier version are replaced.
import type {
  V1DaemonSetSpec,
  V1DeploymentSpec,
  V1DeploymentStrategy,
  V1RollingUpdateDeployment,
  V1StatefulSetSpec,
} from '@kubernetes/client-node'
import type { Rollout } from '../../../system/deploy.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { ClusterFacts } from '../facts.ts'
import { isAtLeast } from './context.ts'

type RollingSteps = V1DeploymentStrategy & { rollingUpdate: V1RollingUpdateDeployment }
type Strategy = Pick<V1DeploymentSpec, 'strategy' | 'minReadySeconds' | 'progressDeadlineSeconds'>

/** Docker's own (https://docs.docker.com/reference/compose-file/deploy/#update_config); 0 is all at once. */
const PARALLELISM = 1
/** Kubernetes' own; it must be longer than a pod has to be ready. */
const PROGRESS_DEADLINE_SECONDS = 600

/**
 * Empty where the file says nothing: Kubernetes then replaces a quarter at a time, new ones first. `holdsAlone`: a new
 * pod, which may be on another node, can't have its volumes before the old one is gone.
 */
export function toStrategy({ deploy }: ServiceSpec, holdsAlone: boolean): Strategy {
  const { update, placement } = deploy
  const recreate = { type: 'Recreate' }
  if (!update && holdsAlone) return { strategy: recreate }
  // A new pod finds no place while the old one has it: they would wait for each other.
  if (!update) return placement.maxReplicasPerNode === null ? {} : { strategy: toSteps(PARALLELISM, false) }
  const minReadySeconds = toReadySeconds(update)
  const steps = toSteps(update.parallelism ?? PARALLELISM, update.order === 'start-first')
  return {
    strategy: holdsAlone ? recreate : steps,
    ...(minReadySeconds > 0 && { minReadySeconds }),
    ...(minReadySeconds >= PROGRESS_DEADLINE_SECONDS && {
      progressDeadlineSeconds: minReadySeconds + PROGRESS_DEADLINE_SECONDS,
    }),
  }
}

/** A DaemonSet starts new pods first from this version on (KEP-1591). */
export const DAEMON_SURGE_MINOR = 22

type DaemonStrategy = Pick<V1DaemonSetSpec, 'updateStrategy' | 'minReadySeconds'>

/** Empty where the file says nothing: Kubernetes then replaces one pod after the other. */
export function toDaemonStrategy({ deploy }: ServiceSpec, facts: ClusterFacts): DaemonStrategy {
  const { update } = deploy
  if (!update) return {}
  const minReadySeconds = toReadySeconds(update)
  const isStartFirst = update.order === 'start-first' && isAtLeast(facts, DAEMON_SURGE_MINOR)
  const { type, rollingUpdate } = toSteps(update.parallelism ?? PARALLELISM, isStartFirst)
  const { maxUnavailable, maxSurge } = rollingUpdate
  return {
    // Older versions do not know the field.
    updateStrategy: { type, rollingUpdate: isStartFirst ? { maxUnavailable, maxSurge } : { maxUnavailable } },
    ...(minReadySeconds > 0 && { minReadySeconds }),
  }
}

/** A StatefulSet waits that long from this version on (KEP-2599). */
export const STATEFUL_READY_SECONDS_MINOR = 23

type StatefulStrategy = Pick<V1StatefulSetSpec, 'minReadySeconds'>

/** Kubernetes replaces one pod after the other, the last one first, and the old one always stops before. */
export function toStatefulStrategy({ deploy }: ServiceSpec, facts: ClusterFacts): StatefulStrategy {
  const minReadySeconds = deploy.update ? toReadySeconds(deploy.update) : 0
  return minReadySeconds > 0 && isAtLeast(facts, STATEFUL_READY_SECONDS_MINOR) ? { minReadySeconds } : {}
}

function toSteps(parallelism: number, isStartFirst: boolean): RollingSteps {
  const step = parallelism === 0 ? '100%' : parallelism
  return {
    type: 'RollingUpdate',
    rollingUpdate: isStartFirst
      ? { maxSurge: step, maxUnavailable: 0 }
      : { maxSurge: 0, maxUnavailable: step },
  }
}

/**
 * `delay` is the time between two steps, `monitor` the time after each in which an end of a new container is a failure of
 * the update (https://docs.docker.com/reference/compose-file/deploy/#update_config). A pod that ends before it was ready
 * so long is not available, and the update stops there; so the longer one is how long a pod must have been ready before the
 * next is replaced. Not progressDeadlineSeconds: that limits how long a pod may take until it is ready, which a watch
 * over what has started does not.
 */
export function toReadySeconds({ delayMs, monitorMs }: Rollout): number {
  return Math.ceil(Math.max(delayMs ?? 0, monitorMs ?? 0) / 1000)
}
