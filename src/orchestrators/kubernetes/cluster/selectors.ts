// Label selectors, and what the labels of an object say about whose it is.
import type { SystemIdentity } from '../../../system/spec.ts'
import { LABEL, MANAGER } from '../labels.ts'
import type { ObjectMeta } from './objects.ts'

/** Everything that Tycho made, of any system. */
export const managedSelector = `${LABEL.managedBy}=${MANAGER}`

/** Everything of one incarnation. */
export function selectorOf(sid: string): string {
  return `${LABEL.sid}=${sid}`
}

/** The incarnation that an object belongs to; undefined for one that carries no `sid`. */
export function identityOf(metadata: Pick<ObjectMeta, 'labels' | 'namespace'>): SystemIdentity | undefined {
  const labels = metadata.labels ?? {}
  const sid = labels[LABEL.sid]
  if (!sid) return undefined
  return {
    tenant: labels[LABEL.tenant] ?? '',
    namespace: metadata.namespace ?? '',
    name: labels[LABEL.system] ?? '',
    sid,
  }
}
