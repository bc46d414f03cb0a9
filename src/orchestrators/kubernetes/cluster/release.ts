// Before an owner is made anew: the other objects of the system stop depending on it.
import { kindsOfIncarnation } from './kinds.ts'
import type { KubeObject } from './objects.ts'
import { selectorOf } from './selectors.ts'
import type { WriteScope } from './write.ts'

/** Takes the owner out of the ownerReferences of all objects of its incarnation that Tycho wrote. */
export async function releaseDependents(ownerUid: string, scope: WriteScope): Promise<void> {
  const { resources, identity, fence, signal } = scope
  for (const kind of kindsOfIncarnation.filter(({ role }) => role !== 'derived')) {
    const selector = selectorOf(identity.sid)
    const items = await resources.list(
      { kind, namespace: identity.namespace, selector, metadataOnly: true },
      signal,
    )
    for (const item of items.filter((candidate) => isOwnedBy(candidate, ownerUid))) {
      await fence.check()
      const target = { kind, namespace: identity.namespace, name: item.metadata.name }
      await resources.patch(target, releaseOf(item, ownerUid), signal)
    }
  }
}

function isOwnedBy(object: KubeObject, uid: string): boolean {
  return object.metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? false
}

function releaseOf({ metadata }: KubeObject, ownerUid: string): object[] {
  const others = (metadata.ownerReferences ?? []).filter(({ uid }) => uid !== ownerUid)
  return [
    { op: 'replace', path: '/metadata/ownerReferences', value: others },
    { op: 'replace', path: '/metadata/resourceVersion', value: metadata.resourceVersion },
  ]
}
