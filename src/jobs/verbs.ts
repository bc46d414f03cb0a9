// What may be asked of a system as it is: a restart, a suspend, a resume. Pure.
import type { SystemRecord } from '../system/system.ts'
import { toPhase } from '../system/system.ts'
import { type JobRequest, newJob, type Work } from './accept.ts'
import { isLeaving, isOnItsWay } from './cancel.ts'
import type { JobRecord } from './job.ts'
import { withTask } from './transitions.ts'

export const verbs = ['restart', 'suspend', 'resume'] as const
export type Verb = (typeof verbs)[number]

/** Null for a job that does none of them. */
export function verbOf(kind: JobRecord['kind']): Verb | null {
  return verbs.find((verb) => kind === `system.${verb}`) ?? null
}

/**
 * `accepted`: a new job, which takes the place of one that runs. `running`: the job that runs does what is asked. Else
 * why not: it is `leaving`, another change is `underWay`, it is `suspended`, or there is `nothingToDo` it to.
 */
export type VerbAnswer = 'accepted' | 'running' | 'leaving' | 'underWay' | 'suspended' | 'nothingToDo'

/** Of a system that is not ended; `running`: the job that works on it. */
export function answerVerb(verb: Verb, system: SystemRecord, running: JobRecord | null): VerbAnswer {
  if (isLeaving(system, running)) return 'leaving'
  if (running) return answerBeside(verb, system, running)
  if (verb === 'restart' && system.suspended) return 'suspended'
  return takers[verb].includes(system.phase) ? 'accepted' : 'nothingToDo'
}

/** A suspend and a resume call each other off; every other change is waited for. */
function answerBeside(verb: Verb, system: SystemRecord, running: JobRecord): VerbAnswer {
  if (!isOnItsWay(running)) return 'underWay'
  if (running.kind === `system.${verb}`) return 'running'
  const isOpposite = running.kind === opposites[verb] && system.hasRun
  return isOpposite ? 'accepted' : 'underWay'
}

const opposites: Record<Verb, JobRecord['kind'] | null> = {
  restart: null,
  suspend: 'system.resume',
  resume: 'system.suspend',
}

/** The phases in which a system takes each, when no job works on it: what is so already is made sure of. */
const takers: Record<Verb, readonly SystemRecord['phase'][]> = {
  restart: ['running', 'completed', 'degraded'],
  suspend: ['running', 'degraded', 'suspended'],
  resume: ['running', 'completed', 'degraded', 'suspended'],
}

export type VerbRequest = Pick<JobRequest, 'timeoutMs' | 'maxAttempts' | 'origin' | 'retryOf'> & {
  job: string
}

/** The same spec of the same incarnation, brought up anew, put to rest, or brought back. */
export function acceptVerb(verb: Verb, system: SystemRecord, request: VerbRequest, now: number): Work {
  const { spec, source, exposure, labels, lifetime } = system
  const given = { specKey: spec, source, exposure, labels, lifetime, problems: [] }
  const { job: id, ...rest } = request
  const suspended = verb === 'suspend'
  const asked = { ...given, keepOnFailure: false, rollback: false, suspended, ...rest }
  const job = newJob(`system.${verb}`, id, system, asked, now)
  const next = { ...system, job: id, ...changeOf(verb, now) }
  return { system: toPhase(next, phaseOf(verb, system), now), job: withTask(job, 'compile', now) }
}

function changeOf(verb: Verb, now: number): Partial<SystemRecord> {
  switch (verb) {
    case 'restart':
      return { restartedAt: now }
    case 'suspend':
      return { suspended: true }
    case 'resume':
      return { suspended: false }
    default:
      return verb satisfies never
  }
}

function phaseOf(verb: Verb, { phase }: SystemRecord): SystemRecord['phase'] {
  if (verb === 'suspend') return 'suspending'
  const isAtRest = phase === 'suspended' || phase === 'suspending'
  return verb === 'resume' && isAtRest ? 'starting' : 'updating'
}
