// The tasks: what each is called, what its data are, and how often it is tried.
import { type Static, Type } from 'typebox'
import type { TaskRef, TaskVerb } from '../jobs/job.ts'

/** Data of a task about one job: ids only; the truth is read from the store when the task runs. */
export const SystemTask = Type.Object({
  /** Version of this shape; a task of another version is refused, never guessed at. */
  schema: Type.Literal(1),
  job: Type.String(),
  round: Type.Integer(),
})
export type SystemTask = Static<typeof SystemTask>

export const catalog = {
  'system.compile': { verb: 'compile', data: SystemTask },
  'system.deploy': { verb: 'deploy', data: SystemTask },
  'system.remove': { verb: 'remove', data: SystemTask },
} as const satisfies Record<string, { verb: TaskVerb; data: typeof SystemTask }>

export type TaskName = keyof typeof catalog

export function nameOf(task: Pick<TaskRef, 'verb'>): TaskName {
  return `system.${task.verb}`
}
