// What is read of a Kubernetes Event, and which ones are read: those that tell what no status does.
import type { KubeObject } from './objects.ts'

/**
 * An image is being pulled; a volume can't be mounted; a controller can't create its pods (only Deployments say that in
 * their status). Each is a watch of its own, because a field selector knows no "or".
 */
export const watchedReasons = ['Pulling', 'FailedMount', 'FailedCreate'] as const

/** The collection that events are in. */
export const events = { apiVersion: 'v1', plural: 'events' }

/** `of`: the uid of what it is about. `count`: how often it has happened. */
export type SeenEvent = {
  uid: string
  of: string
  reason: string
  message: string
  count: number
  /** The container that it is about. */
  container: string | undefined
}

type RawEvent = {
  involvedObject?: { uid?: string; fieldPath?: string }
  reason?: string
  message?: string
  count?: number
  series?: { count?: number } | null
}

const longestMessage = 1_000

/** Undefined for one that is about nothing in particular. */
export function toSeenEvent(object: KubeObject): SeenEvent | undefined {
  const { involvedObject, reason = '', message = '', count, series }: RawEvent = object as RawEvent
  if (!involvedObject?.uid) return undefined
  return {
    uid: object.metadata.uid,
    of: involvedObject.uid,
    reason,
    message: message.slice(0, longestMessage),
    count: series?.count ?? count ?? 1,
    container: /\{(.+)\}$/.exec(involvedObject.fieldPath ?? '')?.[1],
  }
}
