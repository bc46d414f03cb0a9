// Removes single objects of an incarnation: what an update no longer wants, and what is named.
import { setTimeout as delay } from 'node:timers/promises'
import { UnavailableError } from '../../../problem.ts'
import type { ChangeSet } from '../../../system/change.ts'
import type { LiveObject } from '../../../system/live.ts'
import type { SystemIdentity } from '../../../system/spec.ts'
import type { Fence, Stage } from '../../orchestrator.ts'
import { type EngineObject, subjectOf } from '../objects.ts'
import type { EngineClient } from './client.ts'
import { findAll } from './list.ts'
import { endContainer, isDone } from './remove.ts'
import type { Requests } from './requests.ts'
import { ofIncarnation } from './selectors.ts'

export type Pruning = { client: EngineClient; requests: Requests }

/** Who changes a system waits so long for what it no longer wants. */
const pruneMs = 20_000

/** Throws UnavailableError `STOPPING` (remedy `wait`) where a container takes longer to end. */
export async function pruneIncarnation(
  { client, requests }: Pruning,
  identity: SystemIdentity,
  stages: readonly Stage[],
  fence: Fence,
  signal: AbortSignal,
): Promise<ChangeSet> {
  const wanted = new Set(
    stages.flatMap(({ manifests }) => manifests.map(({ body }) => subjectOf(body as EngineObject))),
  )
  const stray = (await findAll(requests, ofIncarnation(identity), signal)).filter(
    ({ object }) => !wanted.has(object.subject),
  )
  return endObjects(
    { client, requests },
    stray.map(({ object }) => object),
    fence.check,
    signal,
  )
}

/** Deletes these very objects; one that is gone, or another by now, counts for nothing. */
export async function discardObjects(
  { client, requests }: Pruning,
  identity: SystemIdentity,
  objects: readonly LiveObject[],
  signal: AbortSignal,
): Promise<ChangeSet> {
  const uids = new Set(objects.map(({ uid }) => uid))
  const found = await findAll(requests, ofIncarnation(identity), signal)
  const doomed = found.filter(({ object }) => uids.has(object.uid)).map(({ object }) => object)
  return endObjects({ client, requests }, doomed, async () => {}, signal)
}

const order = ['container', 'network', 'volume']
const placeOf = ({ subject }: LiveObject) => order.indexOf(subject.slice(0, subject.indexOf('/')))

/** Containers first, together: each has its own time to end. */
async function endObjects(
  { client, requests }: Pruning,
  objects: readonly LiveObject[],
  check: () => Promise<void>,
  signal: AbortSignal,
): Promise<ChangeSet> {
  const containers = objects.filter(({ subject }) => subject.startsWith('container/'))
  await check()
  const ends = Promise.all(containers.map(({ uid }) => endContainer(uid, { client, requests, signal })))
  const changes = (await inTime(ends, containers, signal)).flat()
  const rest = objects.filter((one) => !containers.includes(one))
  for (const { subject, name, uid } of rest.toSorted((a, b) => placeOf(a) - placeOf(b))) {
    await check()
    const isNetwork = subject.startsWith('network/')
    const removal = isNetwork
      ? requests.removeNetwork(uid, name, signal)
      : requests.removeVolume(name, signal)
    if (await isDone(removal)) changes.push({ subject, action: 'deleted' })
  }
  return changes
}

async function inTime<T>(
  work: Promise<T>,
  containers: readonly LiveObject[],
  signal: AbortSignal,
): Promise<T> {
  const patience = new AbortController()
  const over = delay(pruneMs, 'over' as const, { signal: AbortSignal.any([signal, patience.signal]) }).catch(
    () => 'over' as const,
  )
  work.catch(() => {})
  const first = await Promise.race([work.then((value) => ({ value })), over]).finally(() => patience.abort())
  signal.throwIfAborted()
  if (first !== 'over') return first.value
  const names = containers.map(({ name }) => name).join(', ')
  throw new UnavailableError('STOPPING', `${names} is given its time to end`)
}
