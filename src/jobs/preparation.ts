// Images that are pulled to nodes before a batch is launched: the record, and how it goes on. Pure.
//
//   queued -> running (begun) -> running (ending: what was made is being removed) -> succeeded | failed | canceled
//
// What is not begun has made nothing, and ends at once. The end that was decided first stays.
import type { ImagePull, NodeImages, PullState } from '../system/image-pull.ts'
import type { Reason } from '../system/readiness.ts'
import type { JobError, JobStatus } from './job.ts'
import type { Origin } from './origin.ts'
import { jobError } from './transitions.ts'

/** Images of one preparation, each counted once for every kind of place where it is wanted. */
export const MAX_PULLS = 50

/** Nodes that are told one by one; of more than that those that are done are left out first. The counts are of all. */
export const MAX_NODES = 1_000

/** Preparations of a tenant that are under way: each has pods on all nodes. */
export const MAX_OPEN = 4

/** Of nodes, and of images on nodes. */
export type PullCounts = { nodes: number } & Record<PullState, number>

type Ending = { status: 'succeeded' | 'failed' | 'canceled'; error: JobError | null }

/** Times are milliseconds since the epoch. */
export type PreparationRecord = {
  id: string
  tenant: string
  namespace: string
  /** Grows with each change; begins with the time, so that it is greater than any of a store that was lost. */
  revision: number
  pulls: ImagePull[]
  /** Parts of the names of images that must not be shown. */
  secretValues: string[]
  timeoutMs: number
  createdAt: number
  /** From then on something of it may stand where images are pulled. */
  begunAt: number | null
  ending: Ending | null
  finishedAt: number | null
  /** What keeps it waiting as a whole: there is no cluster, or no room for its pods. */
  waits: Reason | null
  nodes: NodeImages[]
  counts: PullCounts
  idempotencyKey: string | null
  trace: Origin['trace']
}

export const NO_COUNTS: PullCounts = { nodes: 0, present: 0, pulling: 0, failed: 0, unknown: 0 }

export type NewPreparation = Pick<
  PreparationRecord,
  'id' | 'tenant' | 'namespace' | 'pulls' | 'secretValues' | 'timeoutMs' | 'idempotencyKey' | 'trace'
>

export function acceptPreparation(asked: NewPreparation, now: number): PreparationRecord {
  return {
    ...asked,
    revision: now,
    createdAt: now,
    begunAt: null,
    ending: null,
    finishedAt: null,
    waits: null,
    nodes: [],
    counts: NO_COUNTS,
  }
}

export function statusOf({ finishedAt, ending, begunAt }: PreparationRecord): JobStatus {
  if (finishedAt !== null && ending) return ending.status
  return begunAt === null ? 'queued' : 'running'
}

export function isOver({ finishedAt }: Pick<PreparationRecord, 'finishedAt'>): boolean {
  return finishedAt !== null
}

/** Null in all of these: there is nothing to write. */
type Change = PreparationRecord | null

/** Before the first object is made. */
export function begun(record: PreparationRecord, now: number): Change {
  return record.begunAt !== null || record.ending ? null : { ...record, begunAt: now }
}

/** What the orchestrator has seen; once nothing more is to come, it is decided how it ends. */
export function seen(
  record: PreparationRecord,
  { nodes, isSettled, trouble }: { nodes: NodeImages[]; isSettled: boolean; trouble: Reason | null },
): Change {
  if (record.ending) return null
  const counts = countsOf(nodes)
  const next = { ...record, nodes: shown(nodes), counts, waits: isSettled ? null : trouble }
  if (isSettled) return { ...next, ending: endingOf(nodes, counts, trouble) }
  return JSON.stringify(next) === JSON.stringify(record) ? null : next
}

/** The orchestrator can't be asked now. */
export function heldUp(record: PreparationRecord, code: string, message: string): Change {
  if (isOver(record)) return null
  const isKnown = record.waits?.code === code && record.waits.message === message
  return isKnown ? null : { ...record, waits: { code, message } }
}

export function failed(record: PreparationRecord, error: JobError, now: number): Change {
  return decided(record, { status: 'failed', error }, now)
}

export function canceled(record: PreparationRecord, now: number): Change {
  return decided(record, { status: 'canceled', error: jobError('CANCELED', 'Canceled') }, now)
}

/** Its time is over: it ends with what it has. */
export function expired(record: PreparationRecord, now: number): Change {
  if (now < record.createdAt + record.timeoutMs) return null
  const { waits, counts, nodes } = record
  const reason = waits?.message ?? firstReason(nodes)?.message
  const far = counts.nodes > 0 ? `: ${haveOf(counts)}` : ''
  const message = `Not done after ${Math.round(record.timeoutMs / 1000)} s${far}${reason ? ` (${reason})` : ''}`
  return failed(record, jobError('DEADLINE_EXCEEDED', message, { retryable: true }), now)
}

/** Nothing of it stands any more. */
export function ended(record: PreparationRecord, now: number): Change {
  return record.ending && record.finishedAt === null ? { ...record, finishedAt: now, waits: null } : null
}

function decided(record: PreparationRecord, ending: Ending, now: number): Change {
  if (record.ending) return null
  return { ...record, ending, ...(record.begunAt === null && { finishedAt: now, waits: null }) }
}

function endingOf(nodes: readonly NodeImages[], counts: PullCounts, trouble: Reason | null): Ending {
  if (trouble) return { status: 'failed', error: jobError(trouble.code, trouble.message) }
  if (counts.failed + counts.unknown === 0) return { status: 'succeeded', error: null }
  const first = firstReason(nodes)
  const message = `${haveOf(counts)}${first ? `; ${first.node}: ${first.message}` : ''}`
  return { status: 'failed', error: jobError('IMAGES_NOT_PREPARED', message, { retryable: true }) }
}

function haveOf({ nodes, present, pulling, failed, unknown }: PullCounts): string {
  const all = present + pulling + failed + unknown
  return `${present} of ${all} images are on the nodes (${nodes === 1 ? '1 node' : `${nodes} nodes`})`
}

function firstReason(nodes: readonly NodeImages[]): { node: string; message: string } | undefined {
  for (const { node, images } of nodes) {
    const worst = images.find(({ state }) => state === 'failed') ?? images.find(({ reason }) => reason)
    if (worst?.reason) return { node, message: worst.reason.message }
  }
  return undefined
}

export function countsOf(nodes: readonly NodeImages[]): PullCounts {
  const counts = { ...NO_COUNTS, nodes: nodes.length }
  for (const { images } of nodes) for (const { state } of images) counts[state] += 1
  return counts
}

function shown(nodes: NodeImages[]): NodeImages[] {
  if (nodes.length <= MAX_NODES) return nodes
  const isDone = ({ images }: NodeImages) => images.every(({ state }) => state === 'present')
  return [...nodes.filter((one) => !isDone(one)), ...nodes.filter(isDone)].slice(0, MAX_NODES)
}
