// What is told of a system to whoever follows it: its state at each change, over stops and new incarnations.
import type { ApiContext } from './context.ts'
import type { StreamMessage } from './event-stream.ts'
import { follow } from './follow.ts'
import { shareInTick } from './share-in-tick.ts'
import { showSystem } from './show-system.ts'

export type SystemMessages = (
  tenant: string,
  name: string,
  signal: AbortSignal,
) => AsyncGenerator<StreamMessage>

/** They end with `gone` when a stopped system is kept no longer. */
export function createSystemMessages(context: ApiContext): SystemMessages {
  const { store } = context
  const read = shareInTick(async (key) => {
    const [tenant, name] = JSON.parse(key) as [string, string]
    const record = await store.works.system(tenant, name)
    return record && { revision: record.revision, data: JSON.stringify(await showSystem(context, record)) }
  })
  return async function* messages(tenant, name, signal) {
    const states = follow({
      store,
      read: () => read(JSON.stringify([tenant, name])),
      listen: (ring) => store.changes.onSystem({ tenant, name }, ring),
      signal,
    })
    for await (const { revision, data } of states) yield { id: `${revision}`, event: 'system', data }
    if (!signal.aborted) yield { id: null, event: 'gone', data: JSON.stringify({ name }) }
  }
}
