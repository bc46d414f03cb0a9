// Removes what stands of an incarnation in a swarm. Services first: they hold the rest, until their last task has ended.
import type { ChangeSet } from '../../../../system/change.ts'
import type { LiveObject } from '../../../../system/live.ts'
import type { SystemIdentity } from '../../../../system/spec.ts'
import type { Fence, Removal, Stage } from '../../../orchestrator.ts'
import { codes, hasCode } from '../../engine/engine-error.ts'
import { isDone } from '../../engine/remove.ts'
import { ofIncarnation, ofSystem } from '../../engine/selectors.ts'
import { type Finding, findInSwarm } from './find.ts'

/** See the port. What is still in use goes with a later call. */
export async function removeFromSwarm(
  finding: Finding,
  identity: SystemIdentity,
  signal: AbortSignal,
  { volumes = false }: { volumes?: boolean } = {},
): Promise<Removal> {
  const found = await findInSwarm(finding, ofIncarnation(identity), signal)
  const changes = await endObjects(
    finding,
    found.map(({ object }) => object),
    async () => {},
    signal,
  )
  const left = await findInSwarm(finding, ofIncarnation(identity), signal)
  const kept = volumes && left.length === 0 ? await removeVolumes(finding, identity, signal) : null
  return {
    changes: [...changes, ...(kept?.changes ?? [])],
    remaining: [...left.map(({ object }) => object.subject), ...(kept?.remaining ?? [])].sort(),
  }
}

/** Those of this node: each node makes its own. */
async function removeVolumes(
  { requests }: Finding,
  identity: SystemIdentity,
  signal: AbortSignal,
): Promise<Removal> {
  const changes: ChangeSet = []
  const remaining: string[] = []
  for (const { Name } of await requests.volumes(ofSystem(identity), signal)) {
    const subject = `volume/${Name}`
    if (await isDone(requests.removeVolume(Name, signal))) changes.push({ subject, action: 'deleted' })
    else remaining.push(subject)
  }
  return { changes, remaining }
}

export async function pruneSwarm(
  finding: Finding,
  identity: SystemIdentity,
  stages: readonly Stage[],
  fence: Fence,
  signal: AbortSignal,
): Promise<ChangeSet> {
  const wanted = new Set(
    stages.flatMap(({ manifests }) => manifests.map(({ body }) => `${body.kind}/${body.name}`)),
  )
  const found = await findInSwarm(finding, ofIncarnation(identity), signal)
  const stray = found.map(({ object }) => object).filter(({ subject }) => !wanted.has(subject))
  return endObjects(finding, stray.filter(isNoContainer), fence.check, signal)
}

export async function discardInSwarm(
  finding: Finding,
  identity: SystemIdentity,
  objects: readonly LiveObject[],
  signal: AbortSignal,
): Promise<ChangeSet> {
  const uids = new Set(objects.map(({ uid }) => uid))
  const found = await findInSwarm(finding, ofIncarnation(identity), signal)
  const doomed = found.map(({ object }) => object).filter(({ uid }) => uids.has(uid))
  return endObjects(finding, doomed, async () => {}, signal)
}

/** Tasks take theirs along. */
const isNoContainer = ({ subject }: LiveObject) => !subject.startsWith('container/')

const order = ['service', 'config', 'secret', 'network']

async function endObjects(
  { requests, swarm }: Finding,
  objects: readonly LiveObject[],
  check: () => Promise<void>,
  signal: AbortSignal,
): Promise<ChangeSet> {
  const kindOf = ({ subject }: LiveObject) => subject.slice(0, subject.indexOf('/'))
  const changes: ChangeSet = []
  const own = objects.filter(isNoContainer)
  for (const object of own.toSorted((a, b) => order.indexOf(kindOf(a)) - order.indexOf(kindOf(b)))) {
    const { subject, uid, name } = object
    const kind = kindOf(object)
    await check()
    const removal =
      kind === 'service'
        ? swarm.removeService(uid, name, signal)
        : kind === 'network'
          ? requests.removeNetwork(uid, name, signal)
          : swarm.removeFile(kind === 'config' ? 'config' : 'secret', uid, name, signal)
    if (await isGone(removal)) changes.push({ subject, action: 'deleted' })
  }
  return changes
}

/** A manager calls it invalid to remove what a task still uses. */
async function isGone(removal: Promise<unknown>): Promise<boolean> {
  try {
    return await isDone(removal)
  } catch (error) {
    if (hasCode(error, codes.invalid) || hasCode(error, 'ENGINE_ERROR')) return false
    throw error
  }
}
