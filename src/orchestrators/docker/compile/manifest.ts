// From an object of an engine to a Manifest: plain JSON without undefined keys, with the labels of its system and its hash.
import { hashOf } from '../../../system/hash.ts'
import { toPlainRecord } from '../../../system/plain.ts'
import type { SystemIdentity } from '../../../system/spec.ts'
import type { Manifest } from '../../orchestrator.ts'
import { LABEL, MANAGER } from '../labels.ts'
import { type EngineObject, subjectOf } from '../objects.ts'

type Labels = Record<string, string>

/** Of every object that goes with its incarnation. */
export function toSystemLabels(identity: SystemIdentity): Labels {
  return { ...toLastingLabels(identity), [LABEL.sid]: identity.sid }
}

/** Of what outlives an incarnation: volumes that a system keeps from one start to the next. */
export function toLastingLabels({ tenant, namespace, name }: SystemIdentity): Labels {
  return {
    [LABEL.managedBy]: MANAGER,
    [LABEL.tenant]: tenant,
    [LABEL.namespace]: namespace,
    [LABEL.system]: name,
  }
}

/** The system's own labels are never the file's. */
export function withOwnLabels(labels: Labels, own: Labels): Labels {
  const others = Object.entries(labels).filter(([key]) => !isReserved(key))
  return { ...Object.fromEntries(others), ...own }
}

export function isReserved(label: string): boolean {
  return label.startsWith('io.tycho.')
}

/**
 * `path` is the Compose path that the object came from. `seeds`: what it is made of beside its body, so that it is made
 * anew when that changes.
 */
export function toManifest(object: EngineObject, path: string, seeds: readonly unknown[] = []): Manifest {
  const body = toPlainRecord(object)
  const labels = { ...object.labels, [LABEL.hash]: hashOf(seeds.length > 0 ? [body, ...seeds] : body) }
  return { subject: subjectOf(object), path, body: { ...body, labels } }
}

/** The hash that stands in a manifest's labels. */
export function hashIn({ body }: Manifest): string {
  return (body.labels as Labels)[LABEL.hash] ?? ''
}
