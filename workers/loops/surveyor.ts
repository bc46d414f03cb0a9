// Loop: compares the records with what the orchestrator holds. It makes the records complete from what the orchestrator holds, once in the life of a store: a new one may have
// replaced one that was lost, and a lost one knows nothing of what runs.
import { setTimeout as delay } from 'node:timers/promises'
import { adoptSystem } from '../../src/jobs/adopt.ts'
import { isOver } from '../../src/jobs/preparation.ts'
import { TychoError, UnavailableError } from '../../src/problem.ts'
import type { LiveSystem } from '../../src/system/live.ts'
import type { WorkerContext } from '../context.ts'

const everyMs = 2_000

/** How often it is looked whether something of an ended preparation stands: a worker that was frozen may have made it. */
const leftoversEveryMs = 60_000

export async function survey(context: WorkerContext, signal: AbortSignal): Promise<void> {
  let lookedAt = 0
  while (!signal.aborted) {
    if (!(await context.store.survey.isDone())) await tryToAdoptAll(context, signal)
    if (Date.now() - lookedAt > leftoversEveryMs) {
      lookedAt = Date.now()
      await tryToEndLeftovers(context, signal)
    }
    await delay(everyMs, undefined, { signal }).catch(() => {})
  }
}

/** Without a cluster there is nothing to be known yet. */
async function tryToAdoptAll(context: WorkerContext, signal: AbortSignal): Promise<void> {
  try {
    const unknown = await context.store.findStrays(await context.orchestrator.list(signal))
    await adoptAll(context, unknown)
    await context.store.survey.markDone(Date.now())
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error
    context.log.debug({ reason: error.message }, 'the records can not be compared with the cluster yet')
  }
}

/** One that no record tells of may be another Tycho's: it is only reported (`tycho doctor`). */
async function tryToEndLeftovers(context: WorkerContext, signal: AbortSignal): Promise<void> {
  const { orchestrator, store, tasks, log } = context
  try {
    for (const { id, objects } of await orchestrator.preparations(signal)) {
      const record = await store.preparations.get(id)
      if (!record || !isOver(record) || objects.length === 0) continue
      log.warn({ preparation: id, objects: objects.length }, 'a preparation that has ended left something')
      await tasks.prepareImages(id)
    }
  } catch (error) {
    if (!(error instanceof TychoError)) throw error
    log.debug({ reason: error.message }, 'it can not be seen whether preparations left something')
  }
}

/** The newest incarnation of a name first: an older one can only be a stray. */
async function adoptAll(context: WorkerContext, unknown: LiveSystem[]): Promise<void> {
  for (const system of unknown.toSorted((a, b) => b.createdAt - a.createdAt)) {
    const { tenant, name, sid } = system.identity
    const details = { tenant, system: name, sid }
    if (await context.store.works.adopt(adoptSystem(system, Date.now())))
      context.log.warn(details, 'no record told of this system; it has one again')
    else context.log.warn(details, 'a stray: another system holds its name; see tycho doctor')
  }
}
