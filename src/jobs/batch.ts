// The Batch: systems that were submitted together. What is asked never changes; what has become of it is counted. Pure.
import { createHash, createHmac } from 'node:crypto'
import type { Problem } from '../problem.ts'
import type { Exposure } from '../system/endpoint.ts'
import type { SettingsByService } from '../system/service-settings.ts'
import type { JobError, JobStatus } from './job.ts'
import type { Callback } from './origin.ts'
import type { Share } from './spread.ts'

/** How many systems one request may submit. */
export const MAX_MEMBERS = 10_000

/** What all members have in common. Times are milliseconds. */
export type MemberSettings = {
  exposure: Exposure
  settings: SettingsByService
  labels: Record<string, string>
  /** How long a member may stay, from when it is let in; null: for ever. */
  ttlMs: number | null
  timeoutMs: number
  maxAttempts: number
  keepOnFailure: boolean
}

/** Members with this index and greater ones run in the namespace, up to the next place. */
export type Place = { from: number; namespace: string }

/** A batch as it was accepted. Times are milliseconds since the epoch. */
export type BatchRecord = {
  id: string
  tenant: string
  /** Where its members run, by the order of their indexes: the first is from 0. */
  places: Place[]
  /** What of it runs in which namespace, and how much room there was. */
  spread: Share[]
  /** What was to be said of how it fits. */
  problems: Problem[]
  name: string
  total: number
  /** Items of the request, those that were left out too: members have indexes below it. */
  items: number
  /** Items of the request that were bad, and left out. */
  skipped: number
  /** Members that may be starting at once. */
  concurrency: number
  /** Store key of the template, and of the same as it may be shown. */
  template: string
  source: string
  member: MemberSettings
  /** Of which the tokens of the members are made; secret. */
  seed: string
  /** Whether the template uses them, so that they belong into the URLs. */
  usesToken: boolean
  callback: Callback | null
  /** Store key of the `Idempotency-Key` that made it. */
  idempotencyKey: string | null
  trace: string | null
  createdAt: number
}

/** An item of the request that was accepted. */
export type Member = {
  index: number
  name: string
  env: Record<string, string>
  labels: Record<string, string>
  clientId: string | null
  /** Names that it holds in the namespace from the acceptance on. */
  objectNames: string[]
}

/** Where a member stands, and the newest of its jobs, which may not have been made yet. */
export type MemberState = { status: JobStatus; job: string }

export type MemberCounts = Record<JobStatus, number>

/** What somebody has asked of the whole: its members are canceled, or their systems stopped, one after the other. */
export type BatchWish = 'none' | 'cancel' | 'stop' | 'stopWithVolumes'

/** A batch as it stands. `revision` strictly increases. */
export type Batch = BatchRecord & {
  revision: number
  counts: MemberCounts
  /** Members that were let in and are not done. */
  active: number
  /** Their systems that are not ended. */
  alive: number
  /** Members whose system is still to be stopped, and those on which a stop works. */
  toStop: number
  stopping: number
  wish: BatchWish
  /** Counts the ends: a retry begins another round. */
  round: number
  lastStartedAt: number | null
  finishedAt: number | null
}

/** Of the template: what a member is made of, besides its own variables. */
export type BatchTemplate = {
  compose: unknown
  env: Record<string, string>
  files: Record<string, string | { base64: string }>
  profiles: string[] | null
  limits: { textBytes: number; filesBytes: number }
}

export function isBatchDone({ counts }: Pick<Batch, 'counts'>): boolean {
  return counts.queued + counts.running === 0
}

/** One word for all: `failed` where one has failed, and else `canceled` where one was. */
export function batchStatus({ counts }: Pick<Batch, 'counts'>): JobStatus {
  const { running, queued, failed, canceled, succeeded } = counts
  if (queued + running === 0) return failed > 0 ? 'failed' : canceled > 0 ? 'canceled' : 'succeeded'
  return running + failed + canceled + succeeded > 0 ? 'running' : 'queued'
}

/** Id of the job that starts a member. `round` 1 is the first, later ones are retries. */
export function memberJobId(batch: string, index: number, round = 1): string {
  return round === 1 ? `${batch}-${index}` : `${batch}-${index}-${round}`
}

export type MemberJob = { batch: string; index: number; round: number }

/** Null for the id of another job. */
export function parseMemberJobId(id: string): MemberJob | null {
  const [, batch, index, round] =
    /^([0-9a-hjkmnp-tv-z]{26})-(0|[1-9]\d{0,4})(?:-([1-9]\d{0,5}))?$/.exec(id) ?? []
  return batch && index ? { batch, index: Number(index), round: Number(round ?? 1) } : null
}

/** The same for the same job, so that letting it in twice makes one incarnation. 32 hex digits. */
export function memberSid(job: string): string {
  return createHash('sha256').update(`sid of ${job}`).digest('hex').slice(0, 32)
}

/** 128 bits in hex; nothing of it is stored but the seed of all. */
export function memberToken({ seed }: Pick<BatchRecord, 'seed'>, index: number): string {
  return createHmac('sha256', Buffer.from(seed, 'hex')).update(`token ${index}`).digest('hex').slice(0, 32)
}

/** Where a member runs. */
export function namespaceOf({ places }: Pick<BatchRecord, 'places'>, index: number): string {
  const place = places.findLast(({ from }) => from <= index)
  if (!place) throw new Error(`member ${index} has no place`)
  return place.namespace
}

/** The variables that every member has, besides its own. */
export const MEMBER_VARIABLES = ['TYCHO_INDEX', 'TYCHO_NAME', 'TYCHO_TOKEN'] as const

/** What `${…}` in the template resolves from for one member, before the variables of the batch. */
export function memberVariables(
  batch: Pick<BatchRecord, 'seed'>,
  { index, name, env }: Pick<Member, 'index' | 'name' | 'env'>,
): Record<string, string> {
  return { ...env, TYCHO_INDEX: `${index}`, TYCHO_NAME: name, TYCHO_TOKEN: memberToken(batch, index) }
}

/** `https://host:1/a?b#c` with the member's token. */
export function withToken(url: string, token: string): string {
  const [rest = '', fragment] = url.split('#', 2)
  const asked = `${rest}${rest.includes('?') ? '&' : '?'}token=${token}`
  return fragment === undefined ? asked : `${asked}#${fragment}`
}

/** Why a member that was never let in has ended. */
export const CANCELED_BEFORE_START: JobError = {
  code: 'CANCELED',
  message: 'Canceled',
  retryable: false,
  details: {},
}
