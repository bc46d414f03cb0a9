// `restart` and `deploy.mode` -> kind: a Deployment or a DaemonSet, which start again whatever ends, or a Job, which ends.
import type { Problem } from '../../../problem.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Context } from './context.ts'
import { remark } from './dispositions.ts'
import { leaderOf } from './pod-members.ts'
import { extensionOf, isOnEveryNode } from './service-extension.ts'

export type Workload =
  | { kind: 'Deployment' }
  | { kind: 'DaemonSet' }
  | { kind: 'Job'; restartPolicy: 'Never' | 'OnFailure'; backoffLimit: number }

/** Docker's `on-failure` has no limit; this is the largest that the field takes. */
const NO_LIMIT = 2 ** 31 - 1

const deployment: Workload = { kind: 'Deployment' }
const once: Workload = { kind: 'Job', restartPolicy: 'Never', backoffLimit: 0 }

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
  if (isOnEveryNode(service)) return { kind: 'DaemonSet' }
  if (controller === 'deployment') return deployment
  const mustEnd = context.awaited.has(name) || service.deploy.mode === 'replicated-job'
  switch (restart.condition) {
    case 'always':
    case 'unless-stopped':
      return deployment
    case 'unset':
      return mustEnd ? once : deployment
    case 'no':
      return !mustEnd && isServer(service) ? deployment : once
    case 'on-failure':
      if (restart.maxAttempts)
        return { kind: 'Job', restartPolicy: 'Never', backoffLimit: restart.maxAttempts }
      if (!mustEnd && service.ports.length > 0) return deployment
      return { kind: 'Job', restartPolicy: 'OnFailure', backoffLimit: NO_LIMIT }
    default:
      return restart satisfies never
  }
}

/** Who shares a pod, and says nothing of its end, ends as the pod does. */
function isSilent(name: string, service: ServiceSpec, { awaited }: Context): boolean {
  const { restart, deploy } = service
  return (
    restart.condition === 'unset' &&
    deploy.mode === 'replicated' &&
    !extensionOf(service).controller &&
    !awaited.has(name)
  )
}

/** Says where a Deployment or a DaemonSet starts again what Docker would have left alone. */
export function checkRestart(name: string, service: ServiceSpec, context: Context): Problem[] {
  const { kind } = toWorkload(name, service, context)
  if (kind === 'Job' || (leaderOf(name, context) !== name && isSilent(name, service, context))) return []
  const path = `services.${name}.restart`
  if (kind === 'DaemonSet') return checkDaemonRestart(name, service)
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

function checkDaemonRestart(name: string, { restart }: ServiceSpec): Problem[] {
  if (restart.condition !== 'no' && restart.condition !== 'on-failure') return []
  const message = `What runs on every node is restarted whenever it ends: \`${name}\` can't be left alone then.`
  return [remark('RESTARTS_ALWAYS', `services.${name}.restart`, message)]
}

/** `deploy.mode`: what has no kind. */
export function checkMode(name: string, { deploy }: ServiceSpec): Problem[] {
  const path = `services.${name}.deploy.mode`
  switch (deploy.mode) {
    case 'replicated':
    case 'replicated-job':
    case 'global':
      return []
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
