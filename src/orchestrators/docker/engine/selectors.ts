// Finding what is ours by its labels.
import type { SystemIdentity } from '../../../system/spec.ts'
import { LABEL, MANAGER } from '../labels.ts'
import type { Labels } from './live.ts'

/** All that Tycho has made. */
export const managed = toFilters([`${LABEL.managedBy}=${MANAGER}`])

/** What belongs to one incarnation. */
export function ofIncarnation({ namespace, sid }: SystemIdentity): string {
  return toFilters([
    `${LABEL.managedBy}=${MANAGER}`,
    `${LABEL.sid}=${sid}`,
    `${LABEL.namespace}=${namespace}`,
  ])
}

/** What a system keeps from one incarnation to the next, among what carries a sid. */
export function ofSystem({ tenant, namespace, name }: SystemIdentity): string {
  return toFilters([
    `${LABEL.managedBy}=${MANAGER}`,
    `${LABEL.tenant}=${tenant}`,
    `${LABEL.namespace}=${namespace}`,
    `${LABEL.system}=${name}`,
  ])
}

function toFilters(label: string[]): string {
  return JSON.stringify({ label })
}

/** Undefined for what does not belong to an incarnation. */
export function identityOf(labels: Labels): SystemIdentity | undefined {
  const { [LABEL.tenant]: tenant, [LABEL.namespace]: namespace } = labels
  const { [LABEL.system]: name, [LABEL.sid]: sid } = labels
  if (labels[LABEL.managedBy] !== MANAGER) return undefined
  return tenant && namespace && name && sid ? { tenant, namespace, name, sid } : undefined
}

export function isOfIncarnation(labels: Labels, { namespace, sid }: SystemIdentity): boolean {
  const found = identityOf(labels)
  return found?.sid === sid && found.namespace === namespace
}

/** Also of another incarnation of it: that is how volumes are kept. */
export function isOfSystem(labels: Labels, { tenant, namespace, name }: SystemIdentity): boolean {
  return (
    labels[LABEL.managedBy] === MANAGER &&
    labels[LABEL.tenant] === tenant &&
    labels[LABEL.namespace] === namespace &&
    labels[LABEL.system] === name
  )
}
