// Task stray.remove: takes away objects that somebody has named, as long as no record tells of them.
import type { Handler } from '../src/tasks/consume.ts'
import type { WorkerContext } from './context.ts'

/** Looks again before it deletes: what was a stray when it was named may be a known system's by now. */
export function createStrayHandler(context: WorkerContext): Handler<'stray.remove'> {
  const { store, orchestrator, log } = context
  return async ({ objects }, { lost: signal }) => {
    const named = new Set(objects)
    await endPreparations(context, named, signal)
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

/** Of what pulls images all is one thing: it goes as a whole. */
async function endPreparations(
  { store, orchestrator, log }: WorkerContext,
  named: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<void> {
  const standing = await store.preparations.strays(await orchestrator.preparations(signal))
  for (const { id, tenant, namespace, objects } of standing) {
    if (!objects.some(({ uid }) => named.has(uid))) continue
    await orchestrator.endPreparation({ id, namespace }, signal)
    log.info({ tenant, preparation: id, removed: objects.map(({ subject }) => subject) }, 'strays removed')
  }
}
