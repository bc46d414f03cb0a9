// `restart` and `deploy.mode` -> kind: a Deployment, a DaemonSet or a StatefulSet, which start again whatever ends, or a Job,
// which ends.
import type { Problem } from '../../../problem.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Context } from './context.ts'
import { remark } from './dispositions.ts'
import { leaderOf } from './pod-members.ts'
import { attemptsByLabel, type Schedule, scheduleOf } from './schedule.ts'
import { extensionOf, isOnEveryNode } from './service-extension.ts'

export type Workload =
  | { kind: 'Deployment' }
  | { kind: 'StatefulSet' }
  | { kind: 'DaemonSet' }
  | ({ kind: 'Job' } & Attempts)
  | ({ kind: 'CronJob' } & Attempts & Schedule)

type Attempts = { restartPolicy: 'Never' | 'OnFailure'; backoffLimit: number }

/** Docker's `on-failure` has no limit; this is the largest that the field takes. */
const NO_LIMIT = 2 ** 31 - 1

const deployment: Workload = { kind: 'Deployment' }
const once: Attempts = { restartPolicy: 'Never', backoffLimit: 0 }

/**
 * A service that others wait for with `service_completed_successfully` must end, so it is a Job where `restart`
 * lets it end at all. A limit of attempts (0 is none, as in Docker) is exact only with `Never`: in-place restarts
 * lose the pod, and its logs, at the limit
 * (https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy).
 */
export function toWorkload(name: string, service: ServiceSpec, context: Context): Workload {
  const leader = leaderOf(name, context)
  const host = context.spec.services[leader]
  if (leader !== name && host && isSilent(name, service, context)) return toWorkload(leader, host, context)
  const { restart } = service
  const { controller } = extensionOf(service)
  const schedule = scheduleOf(service)
  if (schedule) return { kind: 'CronJob', ...schedule, ...toAttempts(service) }
  if (isOnEveryNode(service)) return { kind: 'DaemonSet' }
  if (controller === 'statefulset') return { kind: 'StatefulSet' }
  if (controller === 'deployment') return deployment
  const mustEnd = context.awaited.has(name) || service.deploy.mode === 'replicated-job'
  switch (restart.condition) {
    case 'always':
    case 'unless-stopped':
      return deployment
    case 'unset':
      return mustEnd ? toJobOf(service) : deployment
    case 'no':
      return !mustEnd && isServer(service) ? deployment : toJobOf(service)
    case 'on-failure': {
      const isEndless = !restart.maxAttempts && !mustEnd && service.ports.length > 0
      return isEndless ? deployment : toJobOf(service)
    }
    default:
      return restart satisfies never
  }
}

function toJobOf(service: ServiceSpec): Workload {
  return { kind: 'Job', ...toAttempts(service) }
}

/** Kompose's label says how often a run is tried again, too. */
function toAttempts(service: ServiceSpec): Attempts {
  const { restart } = service
  const backoffLimit = attemptsByLabel(service) ?? (restart.condition === 'on-failure' && restart.maxAttempts)
  if (backoffLimit) return { restartPolicy: 'Never', backoffLimit }
  return restart.condition === 'on-failure' ? { restartPolicy: 'OnFailure', backoffLimit: NO_LIMIT } : once
}

/** Who shares a pod, and says nothing of its end, ends as the pod does. */
function isSilent(name: string, service: ServiceSpec, { awaited }: Context): boolean {
  const { restart, deploy } = service
  return (
    restart.condition === 'unset' &&
    deploy.mode === 'replicated' &&
    !extensionOf(service).controller &&
    !scheduleOf(service) &&
    !awaited.has(name)
  )
}

/** Says where what is no Job starts again what Docker would have left alone. */
export function checkRestart(name: string, service: ServiceSpec, context: Context): Problem[] {
  const { kind } = toWorkload(name, service, context)
  if (kind === 'Job' || kind === 'CronJob') return []
  if (leaderOf(name, context) !== name && isSilent(name, service, context)) return []
  const path = `services.${name}.restart`
  if (kind !== 'Deployment') return checkAlwaysRestarted(name, kind, service)
  switch (service.restart.condition) {
    case 'unset':
      return [
        remark(
          'RESTART_DEFAULT',
          path,
          `\`${name}\` will be restarted when it ends: write \`restart: "no"\` for what runs once.`,
        ),
      ]
    case 'no':
      return [
        remark(
          'RESTARTS_ALWAYS',
          path,
          `\`${name}\` has ports and a healthcheck, so it runs as a server and will be restarted when it ends: leave one of them out for what runs once.`,
        ),
      ]
    case 'on-failure':
      return [
        remark(
          'RESTARTS_ALWAYS',
          path,
          `\`${name}\` has ports, so it runs as a server and will be restarted also when it ends well: write \`on-failure:3\` for what may end.`,
        ),
      ]
    default:
      return []
  }
}

function checkAlwaysRestarted(name: string, kind: string, { restart }: ServiceSpec): Problem[] {
  if (restart.condition !== 'no' && restart.condition !== 'on-failure') return []
  const message = `A ${kind} restarts what ends: \`${name}\` can't be left alone then.`
  return [remark('RESTARTS_ALWAYS', `services.${name}.restart`, message)]
}

/** `deploy.mode`: what has no kind. */
export function checkMode(name: string, service: ServiceSpec): Problem[] {
  const { deploy } = service
  const path = `services.${name}.deploy.mode`
  switch (deploy.mode) {
    case 'replicated':
    case 'replicated-job':
      return []
    case 'global': {
      const { controller } = extensionOf(service)
      if (scheduleOf(service) || controller === undefined || controller === 'daemonset') return []
      const message = `What runs on every node is a DaemonSet: \`${name}\` is not the ${controller} that the file asks for too.`
      return [remark('CONTROLLER_IGNORED', path, message)]
    }
    case 'global-job': {
      const message = 'Kubernetes has no job that runs on every node: use `replicated-job`.'
      return [remark('NOT_ON_KUBERNETES', path, message)]
    }
    default:
      return deploy.mode satisfies never
  }
}

function isServer(service: ServiceSpec): boolean {
  return service.ports.length > 0 && service.healthcheck !== null
}
