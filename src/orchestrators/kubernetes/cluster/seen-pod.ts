// What readiness and diagnosis read of a pod.
import { type Condition, trimmed } from './conditions.ts'
import type { Note, Trouble } from './notes.ts'
import type { KubeObject } from './objects.ts'

export type PodState = {
  phase: string
  isReady: boolean
  /** Why the pod as a whole failed (`Evicted`). */
  failure: { reason: string; message: string } | undefined
  isScheduled: boolean
  /** Set while no node takes the pod. */
  unschedulable: Condition | undefined
  mountFailure: Trouble | undefined
  containers: ContainerState[]
  /** Services of the same pod that keep it from being ready, where the one that is spoken of does not. */
  waitsFor: string[]
}

export type ContainerState = {
  name: string
  /** As it was asked for. */
  image: string
  /** What decides that it is ready, if anything does. The program alone: arguments may hold what is nobody's business. */
  healthcheck: { program: string | undefined } | undefined
  isReady: boolean
  restarts: number
  hasRun: boolean
  now: Waiting | { is: 'running' } | Ended | { is: 'unknown' }
  /** How the run before this one ended. */
  last: Ended | undefined
  /** What the registry or the engine said when the image could not be pulled; kept over the back-offs, which do not say it. */
  pullFailure: string | undefined
  /** How many attempts to pull the image have failed in a row, as far as they were seen. */
  failedPulls: number
  /** Its image is being pulled, or was, once it does not wait to be made any more. */
  pulls: boolean
}

export type Waiting = { is: 'waiting'; reason: string; message: string }
export type Ended = { is: 'ended'; reason: string; message: string; exitCode: number }

type RawTermination = { exitCode?: number; reason?: string; message?: string }
type RawState = {
  waiting?: { reason?: string; message?: string }
  running?: object
  terminated?: RawTermination
}
type RawSpec = { initContainers?: RawContainerSpec[]; containers?: RawContainerSpec[] }
type RawContainerSpec = { name: string; image?: string; readinessProbe?: { exec?: { command?: string[] } } }
type RawContainer = {
  name: string
  image?: string
  ready?: boolean
  restartCount?: number
  state?: RawState
  lastState?: RawState
}
type RawStatus = {
  phase?: string
  reason?: string
  message?: string
  conditions?: Condition[]
  initContainerStatuses?: RawContainer[]
  containerStatuses?: RawContainer[]
}

const longestMessage = 1_000
/** The container never ran: its program could not be executed. */
export const notExecuted: ReadonlySet<string> = new Set(['ContainerCannotRun', 'StartError'])

export function toPodState({ spec: rawSpec, status: raw }: KubeObject): PodState {
  const spec: RawSpec = rawSpec ?? {}
  const status: RawStatus = raw ?? {}
  const scheduled = status.conditions?.find(({ type }) => type === 'PodScheduled')
  const ready = status.conditions?.find(({ type }) => type === 'Ready')
  const containers = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]
  const specs = [...(spec.initContainers ?? []), ...(spec.containers ?? [])]
  return {
    phase: status.phase ?? 'Pending',
    isReady: ready?.status === 'True',
    failure:
      status.phase === 'Failed' && status.reason
        ? { reason: status.reason, message: cut(status.message) }
        : undefined,
    isScheduled: scheduled?.status === 'True',
    unschedulable: scheduled?.status === 'False' ? trimmed(scheduled) : undefined,
    mountFailure: undefined,
    containers: containers.map((container) =>
      toContainerState(
        container,
        specs.find(({ name }) => name === container.name),
      ),
    ),
    waitsFor: [],
  }
}

function toContainerState(raw: RawContainer, spec: RawContainerSpec | undefined): ContainerState {
  const now = toNow(raw.state)
  const last = raw.lastState?.terminated ? toEnded(raw.lastState.terminated) : undefined
  return {
    name: raw.name,
    image: spec?.image ?? raw.image ?? '',
    healthcheck: spec?.readinessProbe && { program: toProgram(spec.readinessProbe.exec?.command) },
    isReady: raw.ready ?? false,
    restarts: raw.restartCount ?? 0,
    hasRun: now.is === 'running' || hasExecuted(now) || hasExecuted(last),
    now,
    last,
    pullFailure: pullFailureOf(now),
    failedPulls: isFailedPull(now) ? 1 : 0,
    pulls: false,
  }
}

/** Undefined for a shell's: the program is somewhere in its script. */
function toProgram([program, option]: string[] = []): string | undefined {
  return option === '-c' ? undefined : program
}

function toNow(state: RawState | undefined): ContainerState['now'] {
  if (state?.running) return { is: 'running' }
  if (state?.terminated) return toEnded(state.terminated)
  if (!state?.waiting) return { is: 'unknown' }
  return { is: 'waiting', reason: state.waiting.reason ?? '', message: cut(state.waiting.message) }
}

function toEnded({ reason, message, exitCode }: RawTermination): Ended {
  return { is: 'ended', reason: reason ?? '', message: cut(message), exitCode: exitCode ?? 0 }
}

function hasExecuted(state: ContainerState['now'] | undefined): boolean {
  return state?.is === 'ended' && !notExecuted.has(state.reason)
}

/** `Back-off pulling image "x"` alone says nothing; newer kubelets append the cause after a colon. */
function pullFailureOf(now: ContainerState['now']): string | undefined {
  if (now.is !== 'waiting' || !isPullReason(now.reason)) return undefined
  const message = now.message.replace(/^Back-off pulling image "[^"]*"(: )?/, '')
  return message === '' ? undefined : message
}

export function isPullReason(reason: string): boolean {
  return reason === 'ErrImagePull' || reason === 'ImagePullBackOff'
}

/** A kubelet says so right after the attempt; then it backs off. */
function isFailedPull(now: ContainerState['now']): boolean {
  return now.is === 'waiting' && now.reason === 'ErrImagePull'
}

/** The state of a pod with what events have told of it. */
export function withNote(state: PodState, { pulls, mountFailure }: Note): PodState {
  const containers = state.containers.map((one) => ({ ...one, pulls: pulls.includes(one.name) }))
  return { ...state, mountFailure, containers }
}

/** The new state of a pod with what only the earlier ones said: why its images can't be pulled, and how often. */
export function withMemory(next: PodState, earlier: PodState | undefined): PodState {
  if (!earlier) return next
  const before = new Map(earlier.containers.map((container) => [container.name, container]))
  const containers = next.containers.map((container) => {
    const known = before.get(container.name)
    const backsOff = container.now.is === 'waiting' && isPullReason(container.now.reason)
    return known && backsOff ? withPulls(container, known) : container
  })
  return { ...next, containers }
}

function withPulls(container: ContainerState, earlier: ContainerState): ContainerState {
  const hasFailedAgain = isFailedPull(container.now) && !isFailedPull(earlier.now)
  return {
    ...container,
    pullFailure: container.pullFailure ?? earlier.pullFailure,
    failedPulls: earlier.failedPulls + (hasFailedAgain ? 1 : 0),
  }
}

function cut(message: string | undefined): string {
  const text = (message ?? '').trim()
  return text.length > longestMessage ? `${text.slice(0, longestMessage)}…` : text
}
