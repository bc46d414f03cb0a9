// How a service stands whose copies are containers of an engine. Pure; times are milliseconds since the epoch.
import type { ServiceState } from '../../../system/readiness.ts'
import { mostImportant, toReason } from '../../shared/diagnosis.ts'
import { type Diagnosed, diagnose } from './diagnose.ts'
import type { SeenContainer } from './seen.ts'

/** `again`: when time alone may have changed it; null: never. */
export type Standing = { state: ServiceState; again: number | null }

/** All copies of one service. The newest change of any of them is the number of its version. */
export function serviceStanding(copies: readonly SeenContainer[], now: number): Standing {
  const diagnosed = copies.map((copy) => diagnose(copy, now))
  const again = diagnosed.flatMap(({ until }) => until ?? []).sort((a, b) => a - b)[0] ?? null
  const [first] = copies
  const version = first && {
    of: `${first.identity.sid}/${first.service}`,
    number: Math.max(...copies.map(({ createdAt, startedAt }) => Math.max(createdAt, startedAt))),
  }
  const state: ServiceState = {
    ...stateOf(copies, diagnosed),
    ...(version && { version }),
    ...(copies.every(isIdle) && { idle: true }),
  }
  return { state, again }
}

function stateOf(copies: readonly SeenContainer[], diagnosed: readonly Diagnosed[]): ServiceState {
  const completed = diagnosed.length > 0 && diagnosed.every(({ is }) => is === 'completed')
  const base = { started: copies.some(({ startedAt }) => startedAt > 0), completed }
  if (copies.length === 0) return { ...base, readiness: 'absent', reason: absent }
  const reasons = diagnosed.flatMap((one) => (one.is === 'waiting' ? one.diagnosis : []))
  const worst = mostImportant(reasons)
  if (worst) return { ...base, readiness: worst.isFinal ? 'failed' : 'pending', reason: worst.reason }
  if (diagnosed.some(({ is }) => is === 'leaving'))
    return { ...base, readiness: 'terminating', reason: toReason('TERMINATING', 'It is being removed') }
  const stopped = diagnosed.find(({ is }) => is === 'stopped')
  if (stopped) return { ...base, readiness: 'absent', reason: toReason('ABSENT', 'It was stopped') }
  return { ...base, readiness: 'ready' }
}

const absent = toReason('ABSENT', 'Nothing on the engine runs it')

/** Neither does it run, nor will the engine start it again. */
function isIdle({ status }: SeenContainer): boolean {
  return status === 'created' || status === 'exited' || status === 'dead'
}
