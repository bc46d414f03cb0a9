// Where a job comes from, carried unchanged from the request to its end: what it belongs to, and who is to be told.

/** `interactive`: somebody waits for it. `batch`: one of many, which gives way to those. */
export type Priority = 'interactive' | 'batch'

/** Place of a system among those that were submitted together; `index` counts from 0. */
export type Membership = { id: string; index: number; clientId: string | null }

/** Where events about a job are sent besides the registered endpoints; `events` null: all that end it. */
export type Callback = { url: string; events: readonly string[] | null }

export type Origin = {
  priority: Priority
  batch: Membership | null
  callback: Callback | null
  /** Store key of the `Idempotency-Key` that made the job: forgotten when the job is. */
  idempotencyKey: string | null
  /** W3C `traceparent` of the request. */
  trace: string | null
}

/** Of a job that nobody has said anything of. */
export const PLAIN_ORIGIN: Origin = {
  priority: 'interactive',
  batch: null,
  callback: null,
  idempotencyKey: null,
  trace: null,
}
