// From an object of a swarm to a Manifest.
import { hashOf } from '../../../../system/hash.ts'
import { toPlainRecord } from '../../../../system/plain.ts'
import type { Manifest } from '../../../orchestrator.ts'
import { LABEL } from '../../labels.ts'
import type { SwarmObject } from '../objects.ts'

/** `path` is the Compose path that the object came from. `seeds`: what it is made of beside its body. */
export function toManifest(object: SwarmObject, path: string, seeds: readonly string[] = []): Manifest {
  const body = toPlainRecord(object)
  const labels = { ...object.labels, [LABEL.hash]: hashOf(seeds.length > 0 ? [body, ...seeds] : body) }
  return { subject: `${object.kind}/${object.name}`, path, body: { ...body, labels } }
}
