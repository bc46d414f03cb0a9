// Label selectors, and what the labels of an object say about whose it is.
import type { SystemIdentity } from '../../../system/spec.ts'
import { LABEL, MANAGER } from '../labels.ts'
import type { ObjectMeta } from './objects.ts'

/** Everything that Tycho made, of any system. */
export const managedSelector = `${LABEL.managedBy}=${MANAGER}`

/** Everything of one incarnation, or of several. */
export function selectorOf(...sids: readonly string[]): string {
  return sids.length === 1 ? `${LABEL.sid}=${sids[0]}` : `${LABEL.sid} in (${sids.join()})`
}

/** Empty for what is of none. */
export function sidOf({ labels }: Pick<ObjectMeta, 'labels'>): string {
  return labels?.[LABEL.sid] ?? ''
}

/** What a system keeps from one incarnation to the next. */
export function keptSelectorOf({ tenant, name }: SystemIdentity): string {
  return `${managedSelector},${LABEL.tenant}=${tenant},${LABEL.system}=${name}`
}

/** Whether a kept object is of this system, whichever incarnation made it. */
export function isKeptFor({ tenant, name }: SystemIdentity, { labels }: Pick<ObjectMeta, 'labels'>): boolean {
  return labels?.[LABEL.tenant] === tenant && labels[LABEL.system] === name
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
