// How far the services of a system are.
import { type Static, Type } from 'typebox'
import type { DependencyCondition } from './spec.ts'

export const Readiness = Type.Union([
  Type.Literal('pending'),
  Type.Literal('ready'),
  Type.Literal('failed'),
  Type.Literal('terminating'),
  Type.Literal('absent'),
])
export type Readiness = Static<typeof Readiness>

/** Why a service is not ready: a stable code and the orchestrator's own sentence. */
export const Reason = Type.Object({
  code: Type.String(),
  message: Type.String(),
  exitCode: Type.Optional(Type.Integer({ description: 'With which the container ended' })),
})
export type Reason = Static<typeof Reason>

/** What a service is run by, `of`, and which of its changes in a row it is; the numbers of another `of` say nothing. */
export type Version = { of: string; number: number }

/** How one service stands. `reason` is set unless it is ready; `version` where something runs it. */
export type ServiceState = {
  readiness: Readiness
  /** A container runs or has run. */
  started: boolean
  /** A Job service ended well. */
  completed: boolean
  reason?: Reason
  version?: Version
  /** Nothing of it runs any more, and nothing is about to: what is ending is gone. */
  idle?: boolean
  /** As it stands in a URL: where its published ports answer, if that is given out after they were made. */
  host?: string
}

/** Whether a state is of what was applied, or of a later change; an earlier state says nothing about it. */
export function isCurrent({ version }: ServiceState, applied: Version | undefined): boolean {
  return !applied || (version?.of === applied.of && version.number >= applied.number)
}

/** A service that must have come so far before a stage may start. */
export type Requirement = {
  service: string
  condition: DependencyCondition
  /** How long it may run without being healthy, in milliseconds; left out: as long as the job has time. */
  patienceMs?: number
}

/** Whether a service has come as far as a dependant asks (specification, "depends_on"). */
export function isMet(requirement: Requirement, state: ServiceState | undefined): boolean {
  if (!state) return false
  switch (requirement.condition) {
    case 'started':
      return state.started || state.completed
    case 'healthy':
      return state.readiness === 'ready'
    case 'completed':
      return state.completed
    default:
      return requirement.condition satisfies never
  }
}

/** Whether the orchestrator can be reached. */
export type Reachability = { reachable: true; version: string } | { reachable: false; reason: string }
