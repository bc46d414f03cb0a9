// How a pod is ended.
import type { Problem } from '../../../problem.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import { remark } from './dispositions.ts'

/** Compose's default `stop_grace_period`; Kubernetes' own is 30 s. */
const GRACE_PERIOD_SECONDS = 10
/** What Kubernetes sends, by name and by number. */
const SENT = new Set(['SIGTERM', 'TERM', '15'])

export function toGracePeriodSeconds({ stopGracePeriodMs }: ServiceSpec): number {
  return stopGracePeriodMs === null ? GRACE_PERIOD_SECONDS : Math.ceil(stopGracePeriodMs / 1000)
}

export function checkStop(name: string, service: ServiceSpec): Problem[] {
  const { stopSignal, stopGracePeriodMs } = service
  const path = `services.${name}`
  const problems: Problem[] = []
  if (stopSignal !== null && !SENT.has(stopSignal.toUpperCase())) {
    const message = `Kubernetes sends the signal that the image asks for, or SIGTERM: ${stopSignal} is not applied to \`${name}\`.`
    problems.push(remark('STOP_SIGNAL_IGNORED', `${path}.stop_signal`, message))
  }
  if (stopGracePeriodMs !== null && stopGracePeriodMs % 1000 !== 0) {
    const message = `Kubernetes counts whole seconds: \`${name}\` has ${toGracePeriodSeconds(service)} s to end.`
    problems.push(remark('DURATION_ROUNDED', `${path}.stop_grace_period`, message))
  }
  return problems
}
