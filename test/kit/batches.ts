// Batches to begin a test with, as the API accepts them.
import { ulid } from 'ulid'
import type { Batch, BatchRecord, BatchTemplate, Member } from '../../src/jobs/batch.ts'
import type { Store } from '../../src/store/store.ts'
import { must } from './work.ts'

const compose = 'services: { web: { image: demo/hello, environment: { NUMBER: "${TYCHO_INDEX}" } } }'

export type BatchOptions = Partial<BatchRecord> & { count: number; compose?: string; of?: Partial<Member> }

const ANY_ROOM = { limits: { systems: null, pendingJobs: null }, queue: null }

/** Accepts a batch of so many members, called `<name>-<index>`. */
export async function acceptBatch(store: Store, options: BatchOptions): Promise<Batch> {
  const { count, of, ...more } = options
  const template: BatchTemplate = {
    compose: options.compose ?? compose,
    env: {},
    files: {},
    profiles: null,
    limits: { textBytes: 1024 * 1024, filesBytes: 4 * 1024 * 1024 },
  }
  const name = more.name ?? 'class'
  const batch: BatchRecord = {
    id: ulid().toLowerCase(),
    tenant: 'alice',
    places: [{ from: 0, namespace: 'default' }],
    spread: [{ namespace: 'default', members: count, needs: {}, bounds: [] }],
    problems: [],
    name,
    total: count,
    items: count,
    skipped: 0,
    concurrency: 200,
    template: await store.contents.put(template),
    source: '',
    member: {
      exposure: 'nodePort',
      settings: {},
      labels: {},
      ttlMs: null,
      timeoutMs: 60_000,
      maxAttempts: 3,
      keepOnFailure: false,
    },
    seed: 'ab'.repeat(32),
    usesToken: false,
    callback: null,
    idempotencyKey: null,
    trace: null,
    createdAt: Date.now(),
    ...more,
  }
  const members = Array.from({ length: count }, (_, index) => toMember(`${name}-${index}`, index, of))
  const accepted = await store.batches.accept({ batch, members, requestKey: null, room: ANY_ROOM })
  if (accepted.outcome !== 'accepted') throw new Error(accepted.outcome)
  return must(await store.batches.read(batch.id))
}

function toMember(name: string, index: number, more: Partial<Member> = {}): Member {
  return { index, name, env: {}, labels: {}, clientId: null, objectNames: [`${name}-web`], ...more }
}

/** Resolves with the batch as soon as it is as asked. */
export function batchWhen(store: Store, id: string, isSo: (batch: Batch) => boolean): Promise<Batch> {
  return new Promise((resolve, reject) => {
    const stop = store.changes.onBatch(id, () => check())
    const check = () =>
      store.batches.read(id).then((batch) => {
        if (!batch || !isSo(batch)) return
        stop()
        resolve(batch)
      }, reject)
    check()
  })
}
