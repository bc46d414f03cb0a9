// `healthcheck`: the container's readiness probe. Not liveness: Docker restarts nothing that is unhealthy.
import type { V1Probe } from '@kubernetes/client-node'
import type { Problem } from '../../../problem.ts'
import type { Healthcheck, ServiceSpec } from '../../../system/spec.ts'
import { remark } from './dispositions.ts'
import { KOMPOSE } from './kompose.ts'
import { port } from './kompose-values.ts'

/** A probe's command is not subject to `$(NAME)` expansion, so nothing is escaped here. */
export function toReadinessProbe(service: ServiceSpec): V1Probe | undefined {
  const { healthcheck } = service
  if (!healthcheck) return undefined
  const { readinessPath, readinessPort, readinessTcp } = KOMPOSE
  const asked = toHandler(service.labels, readinessPath, readinessPort, readinessTcp)
  return { ...(asked ?? { exec: { command: toProbeCommand(healthcheck.test) } }), ...toTimings(healthcheck) }
}

/** Only where Kompose's labels ask for it: at the times of the healthcheck, or else Kubernetes' own. */
export function toLivenessProbe({ labels, healthcheck }: ServiceSpec): V1Probe | undefined {
  const asked = toHandler(labels, KOMPOSE.livenessPath, KOMPOSE.livenessPort, KOMPOSE.livenessTcp)
  return asked && { ...asked, ...(healthcheck && toTimings(healthcheck)) }
}

function toHandler(
  labels: ServiceSpec['labels'],
  path: string,
  http: string,
  tcp: string,
): V1Probe | undefined {
  const httpPort = port(labels[http] ?? '')
  if (httpPort !== undefined) return { httpGet: { path: labels[path] ?? '/', port: httpPort } }
  const tcpPort = port(labels[tcp] ?? '')
  return tcpPort === undefined ? undefined : { tcpSocket: { port: tcpPort } }
}

function toTimings({ intervalMs, timeoutMs, retries }: Healthcheck): V1Probe {
  return {
    periodSeconds: toSeconds(intervalMs),
    timeoutSeconds: toSeconds(timeoutMs),
    failureThreshold: Math.max(1, retries),
  }
}

export function checkHealthcheck(name: string, service: ServiceSpec): Problem[] {
  const { healthcheck } = service
  if (!healthcheck) return []
  return [
    ...checkDuration(name, 'interval', healthcheck.intervalMs),
    ...checkDuration(name, 'timeout', healthcheck.timeoutMs),
    ...checkStartInterval(name, healthcheck),
  ]
}

function toProbeCommand(test: Healthcheck['test']): string[] {
  return test.kind === 'shell' ? ['/bin/sh', '-c', test.command] : test.argv
}

/** Probes count whole seconds, at least one. */
function toSeconds(durationMs: number): number {
  return Math.max(1, Math.ceil(durationMs / 1000))
}

function checkDuration(name: string, key: 'interval' | 'timeout', durationMs: number): Problem[] {
  const seconds = toSeconds(durationMs)
  if (seconds * 1000 === durationMs) return []
  const message = `A probe counts whole seconds: the ${key} of \`${name}\` is ${seconds} s, not ${durationMs / 1000} s.`
  return [remark('DURATION_ROUNDED', `services.${name}.healthcheck.${key}`, message)]
}

/** Docker looks more often while a container starts, but only within a start period. */
function checkStartInterval(name: string, healthcheck: Healthcheck): Problem[] {
  const { startPeriodMs, startIntervalMs, intervalMs } = healthcheck
  if (startPeriodMs === 0 || startIntervalMs >= intervalMs) return []
  const message = `A probe has one interval: \`${name}\` is asked every ${toSeconds(intervalMs)} s from its start, not every ${startIntervalMs / 1000} s.`
  return [remark('START_INTERVAL_IGNORED', `services.${name}.healthcheck.start_interval`, message)]
}
