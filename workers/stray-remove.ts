// Task stray.remove: takes away objects that somebody has named, as long as no record tells of them.
import type { Handler } from '../src/tasks/consume.ts'
import type { WorkerContext } from './context.ts'

/** Looks again before it deletes: what was a stray when it was named may be a known system's by now. */
export function createStrayHandler({ store, orchestrator, log }: WorkerContext): Handler<'stray.remove'> {
  return async ({ objects }, { lost: signal }) => {
    const named = new Set(objects)
    for (const { identity, objects: standing } of await store.findStrays(await orchestrator.list(signal))) {
      const doomed = standing.filter(({ uid }) => named.has(uid))
      if (doomed.length === 0) continue
      const changes = await orchestrator.discard(identity, doomed, signal)
      const { tenant, name: system, sid } = identity
      log.info({ tenant, system, sid, removed: changes.map(({ subject }) => subject) }, 'strays removed')
    }
    return { outcome: 'done' }
  }
}
