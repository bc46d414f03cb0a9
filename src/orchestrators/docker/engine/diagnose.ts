// How one container stands, and why it is not ready. Pure. States: those of `docker inspect`
// (https://docs.docker.com/reference/api/engine/version/v1.41/#operation/ContainerInspect).
import { type Diagnosis, final, pending, sentence } from '../../shared/diagnosis.ts'
import { toPlainWords } from '../../shared/plain-words.ts'
import type { SeenContainer } from './seen.ts'

/** `until`: when time alone may change it. `stopped`: somebody has ended it, and the engine leaves it so. */
export type Diagnosed = { until: number | null } & (
  | { is: 'ready' | 'completed' | 'leaving' | 'stopped' }
  | { is: 'waiting'; diagnosis: Diagnosis }
)

/** A program that can't run at all ends within this time: until then a container without a healthcheck is not ready. */
const settlesMs = 1_000
/**
 * One that was restarted has started well when it has been up for ten seconds
 * (https://docs.docker.com/engine/containers/start-containers-automatically/#restart-policy-details).
 */
const settlesAgainMs = 10_000
const restartsOfCrashLoop = 3

export function diagnose(container: SeenContainer, now: number): Diagnosed {
  const { rests, isSuspended, status } = container
  // None is wanted of a service without copies: it is as it should be.
  if (rests && (status === 'created' || status === 'exited'))
    return { is: isSuspended ? 'stopped' : 'ready', until: null }
  switch (status) {
    case 'running':
      return diagnoseRunning(container, now)
    case 'restarting':
      return waiting(diagnoseCrash(container))
    case 'created':
      return diagnoseCreated(container)
    case 'paused':
      return waiting(pending(2, 'PAUSED', 'It is paused'))
    case 'exited':
      return diagnoseEnd(container)
    case 'removing':
    case 'dead':
      return { is: 'leaving', until: null }
    default:
      return status satisfies never
  }
}

function waiting(diagnosis: Diagnosis, until: number | null = null): Diagnosed {
  return { is: 'waiting', diagnosis, until }
}

function diagnoseRunning(container: SeenContainer, now: number): Diagnosed {
  const { health, startedAt, restarts } = container
  if (health === 'healthy') return { is: 'ready', until: null }
  if (health !== 'none') return waiting(pending(1, 'NOT_READY', notHealthy(container)))
  const at = startedAt + (restarts > 0 ? settlesAgainMs : settlesMs)
  if (now >= at) return { is: 'ready', until: null }
  if (restarts > 0) return waiting(diagnoseRestarted(container), at)
  return waiting(pending(1, 'NOT_READY', 'It runs, and is about to be ready'), at)
}

function notHealthy({ failingStreak }: SeenContainer): string {
  if (failingStreak === 0) return 'It runs and is not ready: its healthcheck has not succeeded yet'
  const times = failingStreak === 1 ? 'once' : `${failingStreak} times in a row`
  return `It runs and is not ready: its healthcheck has failed ${times}`
}

function diagnoseCreated({ error }: SeenContainer): Diagnosed {
  if (error !== '') return waiting(final('CONTAINER_START_FAILED', startFailed(error)))
  return waiting(pending(3, 'STARTING', 'Its container is made, and about to be started'))
}

/** The words of the engine about a start that it could not make. */
export function startFailed(words: string): string {
  return sentence('Its container can not be started', toPlainWords(words))
}

function diagnoseRestarted({ restarts }: SeenContainer): Diagnosis {
  return pending(2, 'RESTARTING', `It ended and was started again: restarted ${timesOf(restarts)}`)
}

/** What may end as often as its own policy says is left to that. */
function diagnoseCrash(container: SeenContainer): Diagnosis {
  const { restarts, exitCode, policy } = container
  const how = `restarted ${timesOf(restarts)}, the last time ${endOf(container)}`
  const isEndless = policy === 'always' || policy === 'unless-stopped'
  if (isEndless && restarts >= restartsOfCrashLoop)
    return final('CRASH_LOOP', `It keeps ending: ${how}`, exitCode)
  return pending(2, 'RESTARTING', `It ended and is started again: ${how}`, exitCode)
}

function diagnoseEnd(container: SeenContainer): Diagnosed {
  const { exitCode, policy, restarts, error } = container
  const runsOnce = policy === 'no' || policy === 'on-failure'
  if (error !== '') return waiting(final('CONTAINER_START_FAILED', startFailed(error), exitCode))
  if (!runsOnce) return { is: 'stopped', until: null }
  if (exitCode === 0) return { is: 'completed', until: null }
  const again = restarts > 0 ? `, and was started again ${timesOf(restarts)} before` : ''
  return waiting(final('JOB_FAILED', `It ended ${endOf(container)}${again}`, exitCode))
}

function timesOf(restarts: number): string {
  return restarts === 1 ? 'once' : `${restarts} times`
}

function endOf({ exitCode, isOutOfMemory }: SeenContainer): string {
  return `with code ${exitCode}${isOutOfMemory ? ' (OOMKilled)' : ''}`
}
