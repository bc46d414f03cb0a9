// Why a pod is not ready, and whether waiting can help. Pure. Reasons: kubelet's container states
// (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-states).

import { type Diagnosis, final, mostImportant, pending, sentence } from '../../shared/diagnosis.ts'
import { toPlainWords } from '../../shared/plain-words.ts'
import { diagnoseImage } from './diagnose-image.ts'
import { passing } from './passing.ts'
import { type ContainerState, type Ended, notExecuted, type PodState, type Waiting } from './seen-pod.ts'

/** Whether a container that keeps ending is given up here, or by the Job that counts its failures. */
export type CrashPolicy = 'giveUp' | 'leave'

const restartsOfCrashLoop = 3
const beingMade: ReadonlySet<string> = new Set(['', 'ContainerCreating', 'PodInitializing'])
/** Kubernetes' own words: a mount that failed so often fails for a reason, not for want of patience. */
const mountsInVain = 3

/** Undefined for a pod with nothing to complain about. */
export function diagnosePod(pod: PodState, crashes: CrashPolicy): Diagnosis | undefined {
  if (pod.phase === 'Succeeded') return undefined
  if (pod.waitsFor.length > 0) {
    const others = pod.waitsFor.join(', ')
    return pending(1, 'POD_NOT_READY', `It is up, and its pod is ready with ${others}`)
  }
  if (pod.isReady) return undefined
  if (pod.failure) return pending(4, 'POD_FAILED', sentence(pod.failure.reason, pod.failure.message))
  if (pod.unschedulable) {
    return pending(5, 'UNSCHEDULABLE', sentence('No node takes the pod', pod.unschedulable.message ?? ''))
  }
  const mount = diagnoseMount(pod)
  if (mount) return mount
  const all = pod.containers.flatMap((container) => {
    const diagnosis = diagnoseContainer(container, crashes)
    return diagnosis ? [pod.containers.length > 1 ? naming(container, diagnosis) : diagnosis] : []
  })
  return mostImportant(all) ?? notSeenByKubelet(pod)
}

function notSeenByKubelet({ isScheduled }: PodState): Diagnosis {
  return isScheduled
    ? pending(4, 'STARTING', 'The pod is being prepared')
    : pending(5, 'SCHEDULING', 'A node is being looked for')
}

/** Volumes come before images and containers: once one of those is under way, the mounts have succeeded. */
function diagnoseMount({ mountFailure, containers }: PodState): Diagnosis | undefined {
  if (!mountFailure || !containers.every((container) => isBeingMade(container))) return undefined
  const words = sentence('Its volumes can not be mounted', toPlainWords(mountFailure.message))
  return mountFailure.times >= mountsInVain ? final('MOUNT_FAILED', words) : pending(4, 'STARTING', words)
}

function isBeingMade({ now, pulls }: ContainerState): boolean {
  return now.is === 'waiting' && beingMade.has(now.reason) && !pulls
}

/** One of several containers is named; the only one is the service. */
function naming({ name }: ContainerState, { reason, ...rest }: Diagnosis): Diagnosis {
  return { ...rest, reason: { ...reason, message: `${name}: ${reason.message}` } }
}

function diagnoseContainer(container: ContainerState, crashes: CrashPolicy): Diagnosis | undefined {
  const { now, last } = container
  switch (now.is) {
    case 'running':
      return container.isReady ? undefined : pending(1, 'NOT_READY', notReadyYet(container))
    case 'ended':
      return notExecuted.has(now.reason) ? notStarted(container, now) : diagnoseEnd(now)
    case 'waiting':
      if (last && notExecuted.has(last.reason)) return notStarted(container, last)
      return diagnoseImage(container, now) ?? diagnoseWaiting(container, now, crashes)
    case 'unknown':
      return undefined
    default:
      return now satisfies never
  }
}

function notReadyYet({ healthcheck }: ContainerState): string {
  if (!healthcheck) return 'It runs, and is about to be ready'
  const program = healthcheck.program === undefined ? '' : ` (${healthcheck.program})`
  return `It runs and is not ready: its healthcheck${program} has not succeeded yet`
}

function diagnoseWaiting(container: ContainerState, now: Waiting, crashes: CrashPolicy): Diagnosis {
  const { image } = container
  const words = toPlainWords(now.message)
  switch (now.reason) {
    case 'CreateContainerConfigError':
      return unlessPassing('CONTAINER_CONFIG_INVALID', 'Its container is not configured well', now)
    case 'CreateContainerError':
      return unlessPassing('CONTAINER_START_FAILED', `No container can be made of the image ${image}`, now)
    case 'RunContainerError':
      return unlessPassing('CONTAINER_START_FAILED', cannotRun(container), now)
    case 'CrashLoopBackOff':
      return diagnoseCrash(container, crashes)
    default:
      if (beingMade.has(now.reason)) return diagnoseMaking(container)
      return pending(3, 'STARTING', sentence(now.reason, words))
  }
}

function diagnoseMaking({ image, pulls }: ContainerState): Diagnosis {
  return pulls
    ? pending(4, 'PULLING', `Its image ${image} is being pulled`)
    : pending(3, 'STARTING', `Its container is being made, the image ${image} pulled if need be`)
}

function diagnoseCrash({ restarts, last }: ContainerState, crashes: CrashPolicy): Diagnosis {
  const how = last ? `, the last time ${endOf(last)}` : ''
  const times = restarts === 1 ? 'once' : `${restarts} times`
  if (crashes === 'giveUp' && restarts >= restartsOfCrashLoop) {
    return final('CRASH_LOOP', `It keeps ending: restarted ${times}${how}`, last?.exitCode)
  }
  return pending(2, 'RESTARTING', `It ended and is started again: restarted ${times}${how}`, last?.exitCode)
}

function diagnoseEnd(ended: Ended): Diagnosis | undefined {
  const { exitCode } = ended
  return exitCode === 0 ? undefined : pending(2, 'RESTARTING', `It ended ${endOf(ended)}`, exitCode)
}

/** For a failed Job: how its containers ended, if one did not end well. */
export function lastEnd(pods: readonly PodState[]): { exitCode: number; message: string } | undefined {
  const containers = pods.flatMap((pod) => pod.containers)
  for (const { now, last } of containers.reverse()) {
    const ended = now.is === 'ended' ? now : last
    if (ended && ended.exitCode !== 0)
      return { exitCode: ended.exitCode, message: `it ended ${endOf(ended)}` }
  }
  return undefined
}

/** Without what the container itself has said at its end: that may be a secret, and its log is told masked. */
function endOf({ exitCode, reason }: Ended): string {
  const why = reason && reason !== 'Error' ? ` (${reason})` : ''
  return `with code ${exitCode}${why}`
}

function notStarted(container: ContainerState, ended: Ended): Diagnosis {
  const words = toPlainWords(ended.message) || endOf(ended)
  return final('CONTAINER_START_FAILED', sentence(cannotRun(container), words))
}

function cannotRun({ image }: ContainerState): string {
  return `The command can't be run in the image ${image}`
}

function unlessPassing(code: string, head: string, { message }: Waiting): Diagnosis {
  const text = sentence(head, toPlainWords(message))
  return passing.test(message) ? pending(4, 'STARTING', text) : final(code, text)
}
