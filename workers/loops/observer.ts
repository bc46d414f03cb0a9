// Loop: follows what the orchestrator observes, and moves waiting jobs and live systems on.
//
// One worker observes at a time, and writes what it makes of that only while it is the one. It keeps the last observation of each incarnation; an incarnation is looked at again
// when it changes, when a job begins to wait for it, and, all of them, when the first lists have been read.
import type { Work } from '../../src/jobs/accept.ts'
import { observed, type Seen } from '../../src/jobs/observed.ts'
import { isDone } from '../../src/jobs/transitions.ts'
import type { Observation } from '../../src/orchestrators/orchestrator.ts'
import type { Lease } from '../../src/store/leases.ts'
import type { SystemIdentity } from '../../src/system/spec.ts'
import type { WorkerContext } from '../context.ts'
import { advanceExplained } from '../explain.ts'
import { maskSeen } from '../mask-told.ts'
import { judgeLive } from './judge-live.ts'
import { createTurns } from './turns.ts'

type Sighting = Seen & { identity: SystemIdentity }

const nothing: Seen = { services: {}, remaining: [], stamp: '' }

/** Progress alone is written at most four times a second, and a removal is verified at most once a second. */
const progressMs = 250
const verifyMs = 1_000

/** So many jobs' last writes are remembered; forgetting one only costs a read, and a write that comes early. */
const rememberedWrites = 1_000

export async function observe(context: WorkerContext, lease: Lease, signal: AbortSignal): Promise<void> {
  const { store, orchestrator, log } = context
  const sightings = new Map<string, Sighting>()
  /** What was written of a job last, and when. */
  const lastWrites = new Map<string, { work: Work; at: number }>()
  let synced = false
  const turns = createTurns({
    run: (sid) => look(sid),
    onError: (sid, error) => log.warn({ sid, err: error }, 'could not judge an observation; looking again'),
    signal,
  })
  const listening = [
    store.changes.onWaiting((sid) => turns.ask(sid)),
    store.changes.onMissed(() => {
      askWaiting().catch((error: unknown) => log.warn({ err: error }, 'could not read what waits'))
    }),
  ]
  try {
    for await (const observation of orchestrator.observe(signal)) await take(observation)
  } finally {
    for (const stop of listening) stop()
    await turns.idle()
  }

  async function askWaiting(): Promise<void> {
    for (const sid of Object.keys(await store.schedule.waiting())) turns.ask(sid)
  }

  async function take(observation: Observation): Promise<void> {
    if (observation.type === 'synced') {
      synced = true
      await askWaiting()
      // Of a system that was deleted while nobody looked there is nothing to be told.
      for (const sid of await store.schedule.sids()) if (!sightings.has(sid)) turns.ask(sid)
      return
    }
    const { identity, services, remaining, stamp } = observation
    if (remaining.length === 0) sightings.delete(identity.sid)
    else sightings.set(identity.sid, { identity, services, remaining, stamp })
    turns.ask(identity.sid)
  }

  /** Answers after how many milliseconds to look again, or null. */
  async function look(sid: string): Promise<number | null> {
    const sighting = sightings.get(sid)
    if (!sighting && !synced) return null
    const job = await store.schedule.waitingFor(sid)
    if (job) {
      const keyOf = async () => (await store.works.job(job))?.spec
      return judgeJob(job, await maskSeen(store, sighting ?? nothing, keyOf))
    }
    await judgeSystem(sid, sighting ?? nothing, sighting?.identity)
    return null
  }

  async function judgeJob(job: string, seen: Seen): Promise<number | null> {
    let again: number | null = null
    const judged = (work: Work) => {
      const next = observed(work, seen, Date.now())
      const pauseMs =
        work.job.waitingFor === 'gone' ? verifyMs : next?.job.step === 'waiting' ? progressMs : 0
      const early = next !== null && Date.now() - (lastWrites.get(job)?.at ?? 0) < pauseMs
      if (early) again = pauseMs
      return early ? null : next
    }
    const known = lastWrites.get(job)?.work ?? null
    const after = await advanceExplained(context, job, judged, { lease, known })
    if (after) remember(after)
    return again
  }

  function remember(work: Work): void {
    if (lastWrites.size >= rememberedWrites) lastWrites.clear()
    if (isDone(work.job)) lastWrites.delete(work.job.id)
    else lastWrites.set(work.job.id, { work, at: Date.now() })
  }

  async function judgeSystem(sid: string, seen: Seen, identity?: SystemIdentity): Promise<void> {
    const holder = await store.schedule.systemOf(sid)
    if (holder) {
      const keyOf = async () => (await store.works.system(holder.tenant, holder.name))?.spec
      await judgeLive(context, { ...holder, sid }, await maskSeen(store, seen, keyOf), lease, signal)
    } else if (identity && (await store.schedule.isEnded(sid))) {
      const { remaining } = seen
      log.warn({ system: identity.name, sid, remaining }, 'removing what appeared after the end')
      await orchestrator.remove(identity, signal)
    }
  }
}
