// What an apply must remember from stage to stage: the owner of the system's other objects. JSON, kept by the caller.
import type { Memo } from '../../orchestrator.ts'
import type { KubeObject, OwnerReference } from './objects.ts'

export type Owner = { apiVersion: string; kind: string; name: string; uid: string }

/** The owner that this very job has written; one of an earlier job may be another. */
export function ownerOf(memo: Memo, job: string): Owner | undefined {
  return memo.job === job && isOwner(memo.owner) ? memo.owner : undefined
}

export function withOwner(memo: Memo, job: string, owner: Owner): Memo {
  return { ...memo, job, owner }
}

export function toOwner(apiVersion: string, kind: string, live: KubeObject): Owner {
  return { apiVersion, kind, name: live.metadata.name, uid: live.metadata.uid }
}

/**
 * Not a controller, so that no controller adopts by it; it does not block its owner's deletion, because that would
 * need the right to change the owner's finalizers.
 */
export function toOwnerReference(owner: Owner): OwnerReference {
  return { ...owner, controller: false, blockOwnerDeletion: false }
}

function isOwner(value: unknown): value is Owner {
  if (typeof value !== 'object' || value === null) return false
  const fields = value as Record<string, unknown>
  return ['apiVersion', 'kind', 'name', 'uid'].every((field) => typeof fields[field] === 'string')
}
