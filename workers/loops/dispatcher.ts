// Loop: lets the members of batches in, a few at a time: evenly between tenants, and between the batches of each. It
// also carries out what is asked of a batch as a whole, and tells when one has come to its end.
import { setTimeout as delay } from 'node:timers/promises'
import { type Batch, isBatchDone } from '../../src/jobs/batch.ts'
import { batchCompleted } from '../../src/jobs/batch-event.ts'
import type { StandingMember } from '../../src/store/batches.ts'
import { createBell } from '../../src/store/bell.ts'
import { cancelAllWaiting } from '../../src/store/cancel-waiting.ts'
import { cancelMembers } from '../batches/cancel-members.ts'
import { type LettingIn, letIn, type Templates } from '../batches/let-in.ts'
import { shareOut, type Turn } from '../batches/share-out.ts'
import { someAtOnce } from '../batches/some-at-once.ts'
import { stopMembers } from '../batches/stop-members.ts'
import type { WorkerContext } from '../context.ts'

/** Should a message be lost. */
const pollMs = 1_000

/** What comes within so long is attended to in one turn: every member that moves on rings. */
const breathMs = 20

/** Members that are let in at the same time. */
const letInAtOnce = 16

/** How long the cluster is waited for; what it has told before is there at once. */
const factsMs = 500

export async function dispatch(context: WorkerContext, signal: AbortSignal): Promise<void> {
  const { changes } = context.store
  using bell = createBell([signal])
  const stops = [changes.onAnyBatch(bell.ring), changes.onMissed(bell.ring)]
  const templates: Templates = new Map()
  try {
    for (let turn = 0; !signal.aborted; turn += 1) {
      const isBusy = await takeTurn(context, templates, turn, signal)
      await delay(breathMs, undefined, { signal }).catch(() => {})
      if (!isBusy) await bell.rung(pollMs)
    }
  } finally {
    for (const stop of stops) stop()
  }
}

/** Answers whether something was done, so that there may be more. */
async function takeTurn(
  context: WorkerContext,
  templates: Templates,
  turn: number,
  signal: AbortSignal,
): Promise<boolean> {
  const batches = await readOpen(context)
  let isBusy = false
  for (const batch of batches) {
    if (signal.aborted) return false
    if (await attend(context, batch)) isBusy = true
  }
  const turns = await shareOut(context.store.batches, batches, turn)
  if (turns.length === 0) return isBusy
  const lettingIn = { templates, facts: await readFacts(context, signal) }
  const act = ({ batch, member }: Turn) => tryLetIn(context, lettingIn, batch, member)
  return (await someAtOnce(turns, letInAtOnce, act, signal)) || isBusy
}

async function readOpen({ store }: WorkerContext): Promise<Batch[]> {
  const open = await store.batches.open()
  const found = await Promise.all(
    open.map(async ({ tenant, id }) => {
      const batch = await store.batches.read(id)
      if (!batch) await store.batches.forget(tenant, id)
      return batch
    }),
  )
  return found.flatMap((batch) => batch ?? [])
}

/** Null where the cluster does not tell at once: nobody waits for it here. */
async function readFacts({ orchestrator }: WorkerContext, signal: AbortSignal): Promise<unknown> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(factsMs)])
  return orchestrator.facts(soon).catch(() => null)
}

/** One member that is in trouble does not keep the others waiting. */
async function tryLetIn(
  context: WorkerContext,
  lettingIn: LettingIn,
  batch: Batch,
  member: StandingMember,
): Promise<boolean> {
  try {
    return await letIn(context, lettingIn, batch, member)
  } catch (error) {
    context.log.error({ batch: batch.id, index: member.index, err: error }, 'a member was not let in')
    await delay(100)
    return false
  }
}

/** What is asked of the whole, and its end. Answers whether something was done. */
async function attend(context: WorkerContext, batch: Batch): Promise<boolean> {
  const { batches } = context.store
  if (batch.wish === 'cancel') {
    await cancelMembers(context, batch)
    await batches.fulfil(batch)
    return true
  }
  if (batch.wish !== 'none') {
    await cancelAllWaiting(batches, batch)
    if (await stopMembers(context, batch)) return true
  }
  if (!isBatchDone(batch)) return false
  if (batch.finishedAt === null) return complete(context, batch)
  if (batch.toStop + batch.stopping === 0) await batches.close(batch)
  return false
}

async function complete({ store, log }: WorkerContext, batch: Batch): Promise<boolean> {
  const ended = await store.batches.end(batch, [batchCompleted(batch, Date.now())])
  const { id, tenant, round, counts } = batch
  if (ended) log.info({ batch: id, tenant, round, ...counts }, 'batch completed')
  return true
}
