/** The status that a kubelet would report for a pod in a state. */
import type { Container, Pod, PodState } from './pod.ts'

type Running = Exclude<PodState, { is: 'held' }>

/** As of Kubernetes 1.20; `ip` is the pod's address. */
export function podStatus(pod: Pod, state: Running, ip: string): object {
  const now = new Date().toISOString()
  const isReady = state.is === 'ready'
  const condition = (type: string, holds: boolean) => ({
    type,
    status: holds ? 'True' : 'False',
    lastTransitionTime: now,
  })
  return {
    phase: phaseOf(state),
    hostIP: '127.0.0.1',
    podIP: ip,
    podIPs: [{ ip }],
    startTime: now,
    conditions: [
      condition('Initialized', true),
      condition('Ready', isReady),
      condition('ContainersReady', isReady),
      condition('PodScheduled', true),
    ],
    initContainerStatuses: (pod.spec.initContainers ?? []).map((container) =>
      containerStatus(container, false, ended(0, now)),
    ),
    containerStatuses: pod.spec.containers.map((container) =>
      containerStatus(container, isReady, containerState(state, now)),
    ),
  }
}

function phaseOf(state: Running): string {
  if (state.is === 'waiting') return 'Pending'
  if (state.is === 'ended') return state.exitCode === 0 ? 'Succeeded' : 'Failed'
  return 'Running'
}

function containerState(state: Running, now: string): object {
  if (state.is === 'waiting') return { waiting: { reason: state.reason, message: state.message } }
  if (state.is === 'ended') return ended(state.exitCode, now)
  return { running: { startedAt: now } }
}

const ended = (exitCode: number, now: string) => ({
  terminated: {
    exitCode,
    reason: exitCode === 0 ? 'Completed' : 'Error',
    startedAt: now,
    finishedAt: now,
  },
})

function containerStatus({ name, image }: Container, ready: boolean, state: object): object {
  const started = 'running' in state
  // What waits has no container yet, and a kubelet knows the image by that.
  const imageID = 'waiting' in state ? '' : image
  return { name, image, imageID, ready, started, restartCount: 0, state, lastState: {} }
}
