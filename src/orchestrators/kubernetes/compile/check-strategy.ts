// What of `deploy.update_config` is done otherwise, or not at all.
import type { Problem } from '../../../problem.ts'
import type { Rollout } from '../../../system/deploy.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { holdsVolumesAlone } from './claims.ts'
import { type Context, isAtLeast } from './context.ts'
import { remark } from './dispositions.ts'
import { DAEMON_SURGE_MINOR, STATEFUL_READY_SECONDS_MINOR, toReadySeconds } from './strategy.ts'
import { toWorkload } from './workload.ts'

export function checkStrategy(name: string, service: ServiceSpec, context: Context): Problem[] {
  const { update } = service.deploy
  if (!update) return []
  const path = `services.${name}.deploy.update_config`
  return [
    ...checkOrder(`${path}.order`, name, service, context),
    ...checkSteps(path, name, service, context),
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
    case 'StatefulSet': {
      const message = `A pod of a StatefulSet has its name alone: \`${name}\` stops each before the new one starts.`
      return [remark('NOT_APPLIED', path, message)]
    }
    default:
      return []
  }
}

/** What only a StatefulSet does not do. */
function checkSteps(path: string, name: string, service: ServiceSpec, context: Context): Problem[] {
  const { update } = service.deploy
  if (!update || toWorkload(name, service, context).kind !== 'StatefulSet') return []
  const problems: Problem[] = []
  if ((update.parallelism ?? 1) !== 1 && service.replicas > 1) {
    const message = `A StatefulSet replaces one pod after the other: \`parallelism\` of \`${name}\` is not applied.`
    problems.push(remark('NOT_APPLIED', `${path}.parallelism`, message))
  }
  if (toReadySeconds(update) > 0 && !isAtLeast(context.facts, STATEFUL_READY_SECONDS_MINOR)) {
    const message = `A StatefulSet waits between two pods from Kubernetes 1.${STATEFUL_READY_SECONDS_MINOR} on: here it does not.`
    problems.push(remark('NOT_APPLIED', path, message))
  }
  return problems
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
