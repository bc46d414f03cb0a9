// What of a system's objects is not as it was applied.
import type { Difference } from '../../../system/difference.ts'
import type { SystemIdentity } from '../../../system/spec.ts'
import type { Stage } from '../../orchestrator.ts'
import { concurrently } from '../../shared/concurrently.ts'
import { type EngineObject, subjectOf } from '../objects.ts'
import { changesOf } from './changes.ts'
import { type Labels, labelsOf } from './live.ts'
import type { Requests } from './requests.ts'
import { isAsWanted, wantedOf } from './scope.ts'
import { isOfIncarnation, isOfSystem } from './selectors.ts'

const requestsAtOnce = 8

/** Nothing where every object is as it was applied. Throws TychoError where the engine can't tell. */
export async function findDifferences(
  requests: Requests,
  identity: SystemIdentity,
  stages: readonly Stage[],
  signal: AbortSignal,
): Promise<Difference[]> {
  const objects = stages.flatMap((stage) => wantedOf(stage).map(({ object }) => object))
  const found = await concurrently(objects, requestsAtOnce, async (object) => {
    const message = await differenceOf(object, identity, requests, signal)
    return message === undefined ? [] : [{ subject: subjectOf(object), message }]
  })
  return found.flat()
}

async function differenceOf(
  object: EngineObject,
  identity: SystemIdentity,
  requests: Requests,
  signal: AbortSignal,
): Promise<string | undefined> {
  switch (object.kind) {
    case 'container': {
      const live = await requests.container(object.name, signal)
      const replacing = byLabels(object, live && labelsOf(live), identity)
      const changes = live ? changesOf(object, live) : []
      return replacing ?? (changes.length > 0 ? `was changed: ${changes.join(', ')}` : undefined)
    }
    case 'network': {
      if (object.external) return undefined
      const live = await requests.network(object.name, signal)
      return byLabels(object, live && (live.Labels ?? {}), identity)
    }
    case 'files': {
      const live = await requests.volume(object.name, signal)
      return byLabels(object, live && (live.Labels ?? {}), identity)
    }
    case 'volume': {
      if (object.external) return undefined
      const live = await requests.volume(object.name, signal)
      if (!live) return 'was deleted'
      return isOfSystem(live.Labels ?? {}, identity) ? undefined : replaced
    }
    case 'image':
      // What runs goes on without it.
      return undefined
    default:
      return object satisfies never
  }
}

const replaced = 'was replaced by another object of this name'

function byLabels(
  object: EngineObject,
  labels: Labels | undefined,
  identity: SystemIdentity,
): string | undefined {
  if (!labels) return 'was deleted'
  return isOfIncarnation(labels, identity) && isAsWanted(labels, object) ? undefined : replaced
}
