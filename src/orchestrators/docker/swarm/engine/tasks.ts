// How a service of a swarm stands, of what its manager says of its tasks. Pure; times are milliseconds since the epoch.
// https://docs.docker.com/engine/swarm/how-swarm-mode-works/swarm-task-states/
import type { ServiceState } from '../../../../system/readiness.ts'
import { type Diagnosis, final, mostImportant, pending, sentence } from '../../../shared/diagnosis.ts'
import { toPlainWords } from '../../../shared/plain-words.ts'
import { isPortTaken } from '../../engine/ports.ts'
import { LABEL } from '../../labels.ts'
import { type LiveService, type LiveTask, labelsOf } from './live.ts'
import { isPartOf } from './spec.ts'

/** A program that can't run at all ends within this time; one that has ended before must be up for longer. */
const settlesMs = 1_000
const settlesAgainMs = 10_000
const failuresOfCrashLoop = 4

const over: ReadonlySet<string> = new Set([
  'complete',
  'failed',
  'rejected',
  'shutdown',
  'orphaned',
  'remove',
])
const hasBegun: ReadonlySet<string> = new Set(['running', 'complete', 'failed', 'shutdown'])

export function swarmStanding(service: LiveService, all: readonly LiveTask[], now: number): ServiceState {
  const tasks = all.filter((task) => task.ServiceID === service.ID)
  const current = tasks.filter((task) => isCurrent(task, service))
  const wanted = wantedOf(service, current)
  const base = {
    started: tasks.some(hasRun),
    completed: wanted > 0 && runsOnce(service) && current.filter(hasCompleted).length >= wanted,
    version: { of: service.ID, number: service.Version.Index },
    ...(tasks.every(isOver) && (wanted === 0 || runsOnce(service)) && { idle: true }),
  }
  if (base.completed) return { ...base, readiness: 'ready' }
  if (wanted === 0) return { ...base, ...atRest(service, tasks) }
  const problem = mostImportant([...diagnoseUpdate(service), ...diagnoseTasks(service, current, now)])
  if (problem?.isFinal) return { ...base, readiness: 'failed', reason: problem.reason }
  const failed = current.some(hasFailed)
  const up = current.filter((task) => isUp(task, failed, now)).length
  if (up >= wanted && service.UpdateStatus?.State !== 'updating') return { ...base, readiness: 'ready' }
  const reason = problem?.reason ?? { code: 'STARTING', message: 'Its tasks are being started' }
  return { ...base, readiness: 'pending', reason }
}

function atRest(
  service: LiveService,
  tasks: readonly LiveTask[],
): Pick<ServiceState, 'readiness' | 'reason'> {
  if (!tasks.every(isOver))
    return { readiness: 'terminating', reason: { code: 'TERMINATING', message: 'It is ending' } }
  if (labelsOf(service)[LABEL.suspended] !== 'true') return { readiness: 'ready' }
  return { readiness: 'absent', reason: { code: 'ABSENT', message: 'It is suspended' } }
}

/** Of what the service is now, and not of what it was before a change. */
function isCurrent({ Spec: spec }: LiveTask, { Spec: { TaskTemplate: template } }: LiveService): boolean {
  // The manager says of the service alone what runs its tasks.
  const { Runtime: _containers, ...asked } = template ?? {}
  return isPartOf(asked, spec) && isPartOf(spec, asked)
}

function wantedOf({ Spec: { Mode: mode = {} } }: LiveService, current: readonly LiveTask[]): number {
  if (mode.Replicated) return mode.Replicated.Replicas ?? 1
  if (mode.ReplicatedJob) return mode.ReplicatedJob.TotalCompletions ?? 1
  // On every node that takes it: the manager makes a task for each.
  return Math.max(1, current.filter((task) => task.DesiredState !== 'shutdown').length)
}

/** It is not started again where it has ended well. */
export function runsOnce({ Spec: { Mode: mode = {}, TaskTemplate: template } }: LiveService): boolean {
  const condition = template?.RestartPolicy?.Condition
  return Boolean(mode.ReplicatedJob ?? mode.GlobalJob) || condition === 'none' || condition === 'on-failure'
}

const isOver = ({ Status: { State: state } }: LiveTask) => over.has(state)
const hasCompleted = ({ Status: { State: state } }: LiveTask) => state === 'complete'
const hasFailed = ({ Status: { State: state } }: LiveTask) => state === 'failed' || state === 'rejected'

function hasRun({ Status: { State: state, ContainerStatus: container } }: LiveTask): boolean {
  return hasBegun.has(state) && Boolean(container?.ContainerID)
}

function isUp(
  { Status: { State: state, Timestamp: at = '' } }: LiveTask,
  failed: boolean,
  now: number,
): boolean {
  if (state === 'complete') return true
  return state === 'running' && now - Date.parse(at) >= (failed ? settlesAgainMs : settlesMs)
}

function diagnoseUpdate({ UpdateStatus: status }: LiveService): Diagnosis[] {
  const words = status?.Message ?? ''
  switch (status?.State) {
    case 'paused':
    case 'rollback_paused':
      return [final('ROLLOUT_FAILED', sentence('Its update was stopped', words))]
    case 'updating':
    case 'rollback_started':
      return [pending(1, 'ROLLING_OUT', 'Its tasks are being replaced')]
    default:
      return []
  }
}

function diagnoseTasks(service: LiveService, current: readonly LiveTask[], now: number): Diagnosis[] {
  const failures = current.filter(hasFailed).toSorted((a, b) => a.CreatedAt.localeCompare(b.CreatedAt))
  const waiting = current.filter((task) => !isOver(task))
  const last = failures.at(-1)
  const ofLast = last ? [diagnoseFailure(service, last, failures.length, waiting.length)] : []
  const isWell = waiting.some((task) => isUp(task, failures.length > 0, now))
  return [...(isWell ? [] : ofLast), ...waiting.flatMap((task) => diagnoseWaiting(service, task))]
}

function diagnoseFailure(
  service: LiveService,
  { Status: status }: LiveTask,
  times: number,
  waiting: number,
): Diagnosis {
  const { Err: words = '', ContainerStatus: container } = status
  const exitCode = container?.ExitCode || undefined
  const image = service.Spec.TaskTemplate?.ContainerSpec?.Image ?? ''
  if (/no such image|pull access denied|manifest unknown|repository does not exist/i.test(words))
    return final('IMAGE_PULL_FAILED', sentence(`The image ${image} can't be pulled`, toPlainWords(words)))
  // The one that had it is still ending, or another program has it: the swarm tries again.
  if (isPortTaken(words)) return pending(2, 'RESTARTING', sentence('Its port is taken', toPlainWords(words)))
  // The node still has a network that is gone from the swarm, whose addresses this one was given.
  if (/pool overlaps/i.test(words))
    return pending(2, 'RESTARTING', sentence('The addresses of its network are taken', toPlainWords(words)))
  if (status.State === 'rejected' || /starting container failed|OCI runtime/i.test(words)) {
    const said = toPlainWords(words.replace(/^starting container failed: /, ''))
    return final('CONTAINER_START_FAILED', sentence('Its container can not be started', said))
  }
  const how = exitCode === undefined ? '' : `, the last time with code ${exitCode}`
  if (runsOnce(service) && waiting === 0)
    return final('JOB_FAILED', `It ended${exitCode === undefined ? '' : ` with code ${exitCode}`}`, exitCode)
  const restarted = `restarted ${times === 1 ? 'once' : `${times} times`}${how}`
  if (!runsOnce(service) && times >= failuresOfCrashLoop)
    return final('CRASH_LOOP', `It keeps ending: restarted ${times - 1} times${how}`, exitCode)
  return pending(2, 'RESTARTING', `It ended and is started again: ${restarted}`, exitCode)
}

function diagnoseWaiting({ Spec }: LiveService, { Status: status }: LiveTask): Diagnosis[] {
  const { Image: image = '', Healthcheck: check } = Spec.TaskTemplate?.ContainerSpec ?? {}
  switch (status.State) {
    case 'new':
    case 'pending':
      if (!status.Err) return [pending(5, 'SCHEDULING', 'A node is being looked for')]
      return [pending(5, 'UNSCHEDULABLE', sentence('No node takes it', status.Err))]
    case 'preparing':
      return [pending(4, 'PULLING', `Its image ${image} is being pulled, and its container made`)]
    case 'starting':
      return check?.Test?.length
        ? [pending(1, 'NOT_READY', 'It runs and is not ready: its healthcheck has not succeeded yet')]
        : [pending(3, 'STARTING', 'Its container is being started')]
    case 'running':
      return [pending(1, 'NOT_READY', 'It runs, and is about to be ready')]
    default:
      return [pending(3, 'STARTING', 'Its container is being made')]
  }
}
