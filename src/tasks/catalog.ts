// The tasks: what each is called and what its data are.
import { type Static, Type } from 'typebox'
import type { TaskRef, TaskVerb } from '../jobs/job.ts'

/** Version of the data's shape; a task of another version is refused, never guessed at. */
const schema = Type.Literal(1)

/** Data of a task about one job: ids only; the truth is read from the store when the task runs. */
export const SystemTask = Type.Object({ schema, job: Type.String(), round: Type.Integer() })
export type SystemTask = Static<typeof SystemTask>

/** Data of the removal of strays: the uids of the objects that somebody named. */
export const StrayTask = Type.Object({ schema, objects: Type.Array(Type.String()) })
export type StrayTask = Static<typeof StrayTask>

/** Data of pulling images beforehand: the record says which. */
export const PrepareTask = Type.Object({ schema, preparation: Type.String() })
export type PrepareTask = Static<typeof PrepareTask>

/** Data of the attempts at one delivery. */
export const WebhookTask = Type.Object({ schema, delivery: Type.String() })
export type WebhookTask = Static<typeof WebhookTask>

export const catalog = {
  'system.compile': SystemTask,
  'system.deploy': SystemTask,
  'system.remove': SystemTask,
  'stray.remove': StrayTask,
  'images.prepare': PrepareTask,
  'webhook.deliver': WebhookTask,
} as const satisfies Record<
  `system.${TaskVerb}` | 'stray.remove' | 'images.prepare' | 'webhook.deliver',
  unknown
>

export type TaskName = keyof typeof catalog

export type TaskData<Name extends TaskName = TaskName> = Static<(typeof catalog)[Name]>

export function nameOf(task: Pick<TaskRef, 'verb'>): `system.${TaskVerb}` {
  return `system.${task.verb}`
}
