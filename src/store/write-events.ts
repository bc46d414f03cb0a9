// Events in the transaction that makes them true: on the tenant's stream, and in the outbox of the webhooks.
import { ulid } from 'ulid'
import type { Outgoing } from '../jobs/event.ts'
import type { Transaction } from './commit.ts'
import type { Keys } from './keys.ts'

/** So many of a tenant's events can be read again by who was away for a while. */
const keptEvents = 10_000

/** Nothing where there are none. */
export function writeEvents(keys: Keys, outgoing: readonly Outgoing[]): Transaction {
  return { guards: [], writes: outgoing.flatMap((one) => writeEvent(keys, one)) }
}

/** `id` names the event wherever it is told; the same event told again has the same. */
function writeEvent(keys: Keys, { event, callback, trace }: Outgoing): Transaction['writes'] {
  const { tenant } = event.data
  const fields = ['id', `evt_${ulid().toLowerCase()}`, 'event', JSON.stringify(event)]
  const more = [
    ...(callback ? ['callback', JSON.stringify(callback)] : []),
    ...(trace ? ['trace', trace] : []),
  ]
  return [
    { command: 'XADD', key: keys.eventsOf(tenant), args: ['MAXLEN', '~', `${keptEvents}`, '*', ...fields] },
    { command: 'XADD', key: keys.outbox, args: ['*', ...fields, ...more] },
    { command: 'PUBLISH', key: null, args: [keys.eventAdded, tenant] },
  ]
}
