// Removes an incarnation, and what an update no longer wants. Always by listing, never from memory. A container has its
// own time to end, which may be longer than a task should take: what has begun goes on behind, and is asked about again.
import { setTimeout as delay } from 'node:timers/promises'
import type { ChangeSet } from '../../../system/change.ts'
import type { SystemIdentity } from '../../../system/spec.ts'
import type { Removal } from '../../orchestrator.ts'
import type { Logger } from '../../shared/logger.ts'
import type { EngineClient } from './client.ts'
import { codes, hasCode } from './engine-error.ts'
import { keyOf } from './incarnations.ts'
import { nameOf } from './live.ts'
import type { Requests } from './requests.ts'
import { ofIncarnation, ofSystem } from './selectors.ts'
import { removeContainer, type Stopping } from './stop.ts'

export type Removing = {
  /** See the port. */
  remove: (
    identity: SystemIdentity,
    signal: AbortSignal,
    what?: { volumes?: boolean; again?: boolean },
  ) => Promise<Removal>
  /** What is under way is left to the engine, which ends it; the rest to whoever asks next. */
  close: () => void
}

/** After so long what remains is told, and goes on. */
const patienceMs = 2_000

export function createRemoving(client: EngineClient, requests: Requests, log: Logger): Removing {
  const closing = new AbortController()
  const under = new Map<string, Promise<ChangeSet>>()

  /** One at a time for each incarnation. */
  function begin(identity: SystemIdentity, volumes: boolean): Promise<ChangeSet> {
    const key = `${keyOf(identity)}/${volumes}`
    const known = under.get(key)
    if (known) return known
    const work = removeAll({ client, requests, signal: closing.signal }, identity, volumes)
    under.set(key, work)
    work
      .catch((error: unknown) => {
        if (!closing.signal.aborted)
          log.debug(
            { system: identity.name, sid: identity.sid, err: error },
            'a removal will be asked for again',
          )
      })
      .finally(() => under.delete(key))
    return work
  }

  return {
    async remove(identity, signal, { volumes = false } = {}) {
      const patience = new AbortController()
      const over = delay(patienceMs, null, { signal: AbortSignal.any([signal, patience.signal]) }).catch(
        () => null,
      )
      const changes = await Promise.race([begin(identity, volumes), over]).finally(() => patience.abort())
      signal.throwIfAborted()
      return { changes: changes ?? [], remaining: await findRemaining(requests, identity, volumes, signal) }
    },
    close: () => closing.abort(),
  }
}

async function findRemaining(
  requests: Requests,
  identity: SystemIdentity,
  volumes: boolean,
  signal: AbortSignal,
): Promise<string[]> {
  const filters = ofIncarnation(identity)
  const [containers, networks, files, kept] = await Promise.all([
    requests.containers(filters, signal),
    requests.networks(filters, signal),
    requests.volumes(filters, signal),
    volumes ? requests.volumes(ofSystem(identity), signal) : [],
  ])
  const names = [...files, ...kept].map(({ Name }) => `volume/${Name}`)
  return [
    ...containers.map(({ Names }) => `container/${(Names[0] ?? '').replace(/^\//, '')}`),
    ...networks.map(({ Name }) => `network/${Name}`),
    ...new Set(names),
  ].sort()
}

/** Containers first: they hold the rest. What somebody else still uses stays, and is told as remaining. */
async function removeAll(
  { client, requests, signal }: Stopping,
  identity: SystemIdentity,
  volumes: boolean,
): Promise<ChangeSet> {
  const filters = ofIncarnation(identity)
  const containers = await requests.containers(filters, signal)
  const gone = await Promise.all(containers.map(({ Id }) => endContainer(Id, { client, requests, signal })))
  const networks = await requests.networks(filters, signal)
  const changes: ChangeSet = gone.flat()
  for (const { Id, Name } of networks) {
    if (await isDone(requests.removeNetwork(Id, Name, signal)))
      changes.push({ subject: `network/${Name}`, action: 'deleted' })
  }
  const files = await requests.volumes(filters, signal)
  const kept = volumes ? await requests.volumes(ofSystem(identity), signal) : []
  for (const Name of new Set([...files, ...kept].map((one) => one.Name))) {
    if (await isDone(requests.removeVolume(Name, signal)))
      changes.push({ subject: `volume/${Name}`, action: 'deleted' })
  }
  return changes
}

/** Whether it is gone; false where it is in use. */
export async function isDone(removal: Promise<unknown>): Promise<boolean> {
  try {
    await removal
    return true
  } catch (error) {
    if (hasCode(error, codes.conflict) || hasCode(error, 'FORBIDDEN')) return false
    throw error
  }
}

export async function endContainer(id: string, ending: Stopping): Promise<ChangeSet> {
  const live = await ending.requests.container(id, ending.signal)
  if (!live) return []
  // Somebody else is removing it already where it is not done.
  const isGone = await isDone(removeContainer(live, ending))
  return isGone ? [{ subject: `container/${nameOf(live)}`, action: 'deleted' }] : []
}
