// How a pod is ended: with which signal, and how long it has.
import type { V1Lifecycle, V1PodSpec } from '@kubernetes/client-node'
import type { Problem } from '../../../problem.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { ClusterFacts } from '../facts.ts'
import { isAtLeast } from './context.ts'
import { remark } from './dispositions.ts'
import { extensionOf } from './service-extension.ts'

/** Compose's default `stop_grace_period`; Kubernetes' own is 30 s. */
const GRACE_PERIOD_SECONDS = 10
/** What Kubernetes sends. */
const SENT = 'SIGTERM'
/** `lifecycle.stopSignal`: KEP-4960, an alpha of this version, which an administrator switches on. */
const STOP_SIGNAL_MINOR = 33

/** Linux' signals in the order of their numbers, from 1 on (signal(7), x86 and ARM). */
const SIGNALS =
  'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS'
    .split(' ')
    .map((name) => `SIG${name}`)
const REAL_TIME = /^SIGRTM(?:IN(?:\+\d{1,2})?|AX(?:-\d{1,2})?)$/

export function toGracePeriodSeconds({ stopGracePeriodMs }: ServiceSpec): number {
  return stopGracePeriodMs === null ? GRACE_PERIOD_SECONDS : Math.ceil(stopGracePeriodMs / 1000)
}

/** The signal as Kubernetes calls it; undefined where it is the one that is sent anyway, or none. */
function toStopSignal({ stopSignal }: ServiceSpec): string | undefined {
  if (stopSignal === null) return undefined
  const name = toSignalName(stopSignal)
  return name === SENT ? undefined : name
}

/** Docker takes numbers, and names with and without `SIG`, in any case. Undefined for what is no signal. */
function toSignalName(text: string): string | undefined {
  if (/^\d+$/.test(text)) return SIGNALS[Number(text) - 1]
  const name = `SIG${text.toUpperCase().replace(/^SIG/, '')}`
  return SIGNALS.includes(name) || REAL_TIME.test(name) ? name : undefined
}

/** Empty below the version that knows the field, and where the file asks for a `kill` (`toKillLine`). */
export function toStopLifecycle(service: ServiceSpec, facts: ClusterFacts): Pick<V1Lifecycle, 'stopSignal'> {
  const stopSignal = toStopSignal(service)
  return stopSignal && isSent(service, facts) ? { stopSignal } : {}
}

/** A signal is of an operating system, so the pod has to name its own (KEP-4960). */
export function toOperatingSystem(service: ServiceSpec, facts: ClusterFacts): Pick<V1PodSpec, 'os'> {
  const isNamed = toStopSignal(service) !== undefined && isSent(service, facts)
  return isNamed ? { os: { name: service.platform?.os ?? 'linux' } } : {}
}

function isSent(service: ServiceSpec, facts: ClusterFacts): boolean {
  return isAtLeast(facts, STOP_SIGNAL_MINOR) && !isKilled(service)
}

function isKilled(service: ServiceSpec): boolean {
  return extensionOf(service).stopByKill === true
}

/**
 * `x-k8s.stopByKill`: a line of a shell that sends the signal to the container's first process before Kubernetes sends
 * its own, and waits for its end, which is the shell's too.
 */
export function toKillLine(service: ServiceSpec): string | undefined {
  const signal = toStopSignal(service)
  if (signal === undefined || !isKilled(service)) return undefined
  return `(kill -s ${signal.slice('SIG'.length)} 1 && while kill -0 1; do sleep 1; done)`
}

export function checkStop(name: string, service: ServiceSpec, facts: ClusterFacts): Problem[] {
  const { stopGracePeriodMs } = service
  const path = `services.${name}`
  const problems = checkSignal(`${path}.stop_signal`, name, service, facts)
  if (stopGracePeriodMs !== null && stopGracePeriodMs % 1000 !== 0) {
    const message = `Kubernetes counts whole seconds: \`${name}\` has ${toGracePeriodSeconds(service)} s to end.`
    problems.push(remark('DURATION_ROUNDED', `${path}.stop_grace_period`, message))
  }
  return problems
}

function checkSignal(path: string, name: string, service: ServiceSpec, facts: ClusterFacts): Problem[] {
  const { stopSignal } = service
  if (stopSignal !== null && toSignalName(stopSignal) === undefined) {
    const message = `\`${stopSignal}\` is no signal: write one like SIGINT or SIGQUIT.`
    return [remark('INVALID_STOP_SIGNAL', path, message)]
  }
  if (toStopSignal(service) === undefined || isKilled(service)) return []
  const hint = 'with `x-k8s: { stopByKill: true }` a shell of the container sends it'
  if (isAtLeast(facts, STOP_SIGNAL_MINOR)) {
    const message = `\`${name}\` gets ${stopSignal} where the cluster has ContainerStopSignals switched on, else what its image asks for, or ${SENT}; ${hint}.`
    return [remark('STOP_SIGNAL_GATED', path, message)]
  }
  const message = `This Kubernetes sends the signal that the image asks for, or ${SENT}: ${stopSignal} is not applied to \`${name}\`; ${hint}.`
  return [remark('STOP_SIGNAL_IGNORED', path, message)]
}
