// `deploy.update_config`: how the pods of an earlier version are replaced.
import type {
  V1DaemonSetSpec,
  V1DeploymentSpec,
  V1DeploymentStrategy,
  V1RollingUpdateDeployment,
} from '@kubernetes/client-node'
import type { Problem } from '../../../problem.ts'
import type { Rollout } from '../../../system/deploy.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { ClusterFacts } from '../facts.ts'
import { holdsVolumesAlone } from './claims.ts'
import { type Context, isAtLeast } from './context.ts'
import { remark } from './dispositions.ts'
import { toWorkload } from './workload.ts'

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
const DAEMON_SURGE_MINOR = 22

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
function toReadySeconds({ delayMs, monitorMs }: Rollout): number {
  return Math.ceil(Math.max(delayMs ?? 0, monitorMs ?? 0) / 1000)
}

export function checkStrategy(name: string, service: ServiceSpec, context: Context): Problem[] {
  const { update } = service.deploy
  if (!update) return []
  const path = `services.${name}.deploy.update_config`
  return [
    ...checkOrder(`${path}.order`, name, service, context),
    ...checkFailure(path, name, update),
    ...checkRounding(path, update),
    ...checkMonitor(`${path}.monitor`, update),
  ]
}

function checkOrder(path: string, name: string, service: ServiceSpec, context: Context): Problem[] {
  if (service.deploy.update?.order !== 'start-first') return []
  switch (toWorkload(name, service, context).kind) {
    case 'DaemonSet': {
      if (isAtLeast(context.facts, DAEMON_SURGE_MINOR)) return []
      const message = `New pods come first on every node from Kubernetes 1.${DAEMON_SURGE_MINOR} on: here the old ones stop before.`
      return [remark('NOT_APPLIED', path, message)]
    }
    case 'Deployment': {
      if (!holdsVolumesAlone(service, context)) return []
      const message = `A volume of \`${name}\` is held by one node at a time (ReadWriteOnce), so the old pods stop before new ones start: write \`x-k8s: {accessMode: ReadWriteMany}\` at a volume that many nodes can hold.`
      return [remark('NOT_APPLIED', path, message)]
    }
    default:
      return []
  }
}

function checkFailure(path: string, name: string, update: Rollout): Problem[] {
  const problems: Problem[] = []
  if (update.failureAction === 'continue') {
    const message = `An update stops where a new pod of \`${name}\` does not become ready: \`continue\` is not applied.`
    problems.push(remark('NOT_APPLIED', `${path}.failure_action`, message))
  }
  if (update.failureAction === 'rollback') {
    const message = 'An update that fails returns to what was there before where the request asks for it.'
    problems.push(remark('NO_EFFECT', `${path}.failure_action`, message))
  }
  if (update.maxFailureRatio) {
    const message = `An update stops at the first new pod of \`${name}\` that does not become ready: \`max_failure_ratio\` is not applied.`
    problems.push(remark('NOT_APPLIED', `${path}.max_failure_ratio`, message))
  }
  return problems
}

/** Docker goes on with the next step while it still watches over the one before. */
function checkMonitor(path: string, { delayMs, monitorMs }: Rollout): Problem[] {
  if (monitorMs === null || monitorMs <= (delayMs ?? 0)) return []
  const message = `A new pod is watched over for ${Math.ceil(monitorMs / 1000)} s before the next is replaced, not meanwhile.`
  return [remark('MONITOR_DELAYS', path, message)]
}

function checkRounding(path: string, { delayMs, monitorMs }: Rollout): Problem[] {
  const durations = { delay: delayMs, monitor: monitorMs }
  return Object.entries(durations).flatMap(([key, durationMs]) => {
    if (durationMs === null || durationMs % 1000 === 0) return []
    const message = `Kubernetes counts whole seconds: ${key} is ${Math.ceil(durationMs / 1000)} s.`
    return [remark('DURATION_ROUNDED', `${path}.${key}`, message)]
  })
}
