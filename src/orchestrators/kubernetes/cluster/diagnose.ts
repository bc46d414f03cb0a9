// Why a pod is not ready, and whether waiting can help. Pure. Reasons: kubelet's container states
// (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-states).
import type { Reason } from '../../../system/readiness.ts'
import {
  type ContainerState,
  type Ended,
  isPullReason,
  notExecuted,
  type PodState,
  type Waiting,
} from './seen-pod.ts'

/** `isFinal`: waiting does not help. `rank` orders what pods wait for: the higher, the further from ready. */
export type Diagnosis = { isFinal: boolean; rank: number; reason: Reason }

/** Whether a container that keeps ending is given up here, or by the Job that counts its failures. */
export type CrashPolicy = 'giveUp' | 'leave'

const restartsOfCrashLoop = 3
/** What a kubelet says while it has not caught up, or the engine is slow: it tries again. */
const passing =
  /timed out waiting|deadline exceeded|failed to sync (configmap|secret) cache|name is reserved|already in use/i
/** The registry or the name is the reason, in the words of Docker, containerd and the distribution registries. */
const pullRefused =
  /not found|manifest unknown|name unknown|does not exist|denied|unauthorized|authentication required|authorization failed|401|403 forbidden|invalid reference format|no matching manifest|no match for platform|unsupported media type|InvalidImageName/i
/** The way to the registry is the reason: it may be better at the next try. */
const networkFails =
  /dial tcp|no such host|i\/o timeout|connection refused|connection reset|TLS handshake|toomanyrequests|\b50[0234]\b/i

/** Undefined for a pod with nothing to complain about. */
export function diagnosePod(pod: PodState, crashes: CrashPolicy): Diagnosis | undefined {
  if (pod.phase === 'Succeeded' || pod.isReady) return undefined
  if (pod.failure) return pending(4, 'POD_FAILED', sentence(pod.failure.reason, pod.failure.message))
  if (pod.unschedulable) {
    return pending(5, 'UNSCHEDULABLE', sentence('No node takes the pod', pod.unschedulable.message))
  }
  const all = pod.containers.flatMap((container) => diagnoseContainer(container, crashes) ?? [])
  return mostImportant(all) ?? pending(3, 'STARTING', 'The pod is being prepared')
}

/** A final one before all others, then the one that is the furthest from ready. */
export function mostImportant(diagnoses: readonly Diagnosis[]): Diagnosis | undefined {
  return [...diagnoses].sort((a, b) => Number(b.isFinal) - Number(a.isFinal) || b.rank - a.rank)[0]
}

function diagnoseContainer(container: ContainerState, crashes: CrashPolicy): Diagnosis | undefined {
  const { now, last, name } = container
  switch (now.is) {
    case 'running':
      if (container.isReady) return undefined
      return pending(
        1,
        'NOT_READY',
        `${name} runs and is not ready: its readiness probe has not succeeded yet`,
      )
    case 'ended':
      return notExecuted.has(now.reason) ? notStarted(name, now) : diagnoseEnd(name, now)
    case 'waiting':
      if (last && notExecuted.has(last.reason)) return notStarted(name, last)
      return diagnoseWaiting(container, now, crashes)
    case 'unknown':
      return undefined
    default:
      return now satisfies never
  }
}

function diagnoseWaiting(container: ContainerState, now: Waiting, crashes: CrashPolicy): Diagnosis {
  const { name } = container
  if (isPullReason(now.reason)) return diagnosePull(container, now)
  const says = sentence(now.reason, now.message)
  switch (now.reason) {
    case 'InvalidImageName':
      return final('IMAGE_NAME_INVALID', `${name}: ${says}`)
    case 'ErrImageNeverPull':
      return final('IMAGE_PULL_FAILED', `${name}: ${says}`)
    case 'CreateContainerConfigError':
      return unlessPassing('CONTAINER_CONFIG_INVALID', name, now)
    case 'CreateContainerError':
    case 'RunContainerError':
      return unlessPassing('CONTAINER_START_FAILED', name, now)
    case 'CrashLoopBackOff':
      return diagnoseCrash(container, crashes)
    case '':
    case 'ContainerCreating':
    case 'PodInitializing':
      return pending(3, 'STARTING', `${name} is being created, its image pulled if need be`)
    default:
      return pending(3, 'STARTING', `${name}: ${says}`)
  }
}

function diagnosePull({ name, pullFailure }: ContainerState, now: Waiting): Diagnosis {
  if (pullFailure === undefined)
    return pending(4, 'IMAGE_PULL_RETRIED', `${name}: ${sentence(now.reason, now.message)}`)
  const isRefused = pullRefused.test(pullFailure) && !networkFails.test(pullFailure)
  if (isRefused) return final('IMAGE_PULL_FAILED', `The image of ${name} can't be pulled: ${pullFailure}`)
  return pending(4, 'IMAGE_PULL_RETRIED', `The image of ${name} could not be pulled yet: ${pullFailure}`)
}

function diagnoseCrash({ name, restarts, last }: ContainerState, crashes: CrashPolicy): Diagnosis {
  const how = last ? `, the last time ${endOf(last)}` : ''
  const times = restarts === 1 ? 'once' : `${restarts} times`
  if (crashes === 'giveUp' && restarts >= restartsOfCrashLoop) {
    return final('CRASH_LOOP', `${name} keeps ending: restarted ${times}${how}`)
  }
  return pending(2, 'RESTARTING', `${name} ended and is started again: restarted ${times}${how}`)
}

function diagnoseEnd(name: string, ended: Ended): Diagnosis | undefined {
  if (ended.exitCode === 0) return undefined
  return pending(2, 'RESTARTING', `${name} ended ${endOf(ended)}`)
}

/** For the sentence of a failed Job: how its containers ended, if one did not end well. */
export function lastEnd(pods: readonly PodState[]): string | undefined {
  const containers = pods.flatMap((pod) => pod.containers)
  for (const { name, now, last } of containers.reverse()) {
    const ended = now.is === 'ended' ? now : last
    if (ended && ended.exitCode !== 0) return `${name} ended ${endOf(ended)}`
  }
  return undefined
}

function endOf({ exitCode, reason, message }: Ended): string {
  const why = reason && reason !== 'Error' ? ` (${reason})` : ''
  return `with code ${exitCode}${why}${message ? `: ${message}` : ''}`
}

function notStarted(name: string, ended: Ended): Diagnosis {
  return final('CONTAINER_START_FAILED', `${name} could not be started ${endOf(ended)}`)
}

function unlessPassing(code: string, name: string, { reason, message }: Waiting): Diagnosis {
  const text = `${name}: ${sentence(reason, message)}`
  return passing.test(message) ? pending(4, 'STARTING', text) : final(code, text)
}

function final(code: string, message: string): Diagnosis {
  return { isFinal: true, rank: 9, reason: { code, message } }
}

function pending(rank: number, code: string, message: string): Diagnosis {
  return { isFinal: false, rank, reason: { code, message } }
}

function sentence(head: string, message: string | undefined): string {
  return message ? `${head}: ${message}` : head
}
