// Writes one object: creates it, or brings the one that exists to what is wanted.

import type { Problem } from '../../../problem.ts'
import type { Change } from '../../../system/change.ts'
import type { SystemIdentity } from '../../../system/spec.ts'
import type { Fence } from '../../orchestrator.ts'
import { LABEL } from '../labels.ts'
import { codes, hasCode } from './api-error.ts'
import { applyObject } from './apply-object.ts'
import { decide } from './decide.ts'
import type { Desired } from './desired.ts'
import type { KubeObject } from './objects.ts'
import { notOurs, stillTerminating } from './ownership.ts'
import { releaseDependents } from './release.ts'
import type { Resources } from './resources.ts'

export type WriteScope = { resources: Resources; identity: SystemIdentity; fence: Fence; signal: AbortSignal }

/** `remarks`: how the object differs from what was asked for, and must. */
export type Written = { action: Change['action']; live: KubeObject; remarks?: Problem[] }

/** How often a read object may have changed before it was written, in one call. */
const readings = 5

/** Creates the object. One that is there already is adopted when it carries our sid, else `OBJECT_NOT_OURS`. */
export async function createObject(desired: Desired, scope: WriteScope): Promise<Written> {
  const { made, live } = await createOrRead(desired, scope)
  if (made) return { action: 'created', live }
  if (live.metadata.labels?.[LABEL.sid] !== scope.identity.sid) throw notOurs(desired, live)
  if (live.metadata.deletionTimestamp) throw stillTerminating(desired)
  return { action: 'unchanged', live }
}

/** Creates the object, or answers the one that is there already, whosever it is. */
export async function createOrRead(
  desired: Desired,
  scope: WriteScope,
): Promise<{ made: boolean; live: KubeObject }> {
  await scope.fence.check()
  try {
    return { made: true, live: await scope.resources.create(desired.target, desired.body, scope.signal) }
  } catch (error) {
    if (!hasCode(error, codes.exists)) throw error
  }
  const live = await scope.resources.read(desired.target, scope.signal)
  if (!live) throw stillTerminating(desired)
  return { made: false, live }
}

/** Brings the object to what is wanted: server-side apply, or made anew where it can't be changed. */
export async function updateObject(desired: Desired, scope: WriteScope): Promise<Written> {
  for (let reading = 1; ; reading += 1) {
    const live = await scope.resources.read(desired.target, scope.signal)
    try {
      return await updateFrom(live, desired, scope)
    } catch (error) {
      // Controllers write the status all the time; a version that moved on is read again.
      if (!hasCode(error, codes.conflict) || reading === readings) throw error
    }
  }
}

async function updateFrom(
  live: KubeObject | undefined,
  desired: Desired,
  scope: WriteScope,
): Promise<Written> {
  const decision = decide(desired, live, scope.identity.sid, scope.fence.job)
  if (!live || decision === 'create') return createObject(desired, scope)
  switch (decision) {
    case 'refuse':
      throw notOurs(desired, live)
    case 'await':
      throw stillTerminating(desired)
    case 'keep':
      return { action: 'unchanged', live }
    case 'recreate':
      return recreateObject(desired, live, scope)
    case 'apply':
      return applyObject(desired, live, scope)
    default:
      return decision satisfies never
  }
}

/** Dependents are let go first, or they would be collected with the owner that goes; they are applied with the new one. */
async function recreateObject(desired: Desired, live: KubeObject, scope: WriteScope): Promise<Written> {
  await releaseDependents(live.metadata.uid, scope)
  await scope.fence.check()
  await scope.resources.remove(desired.target, live.metadata.uid, scope.signal)
  const made = await createObject(desired, scope)
  return { action: 'recreated', live: made.live }
}
