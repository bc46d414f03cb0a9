// From a typed Kubernetes object to a Manifest: plain JSON without undefined keys, with its hash.
import type { V1ObjectMeta } from '@kubernetes/client-node'
import { toPlainRecord } from '../../../system/plain.ts'
import type { SystemIdentity } from '../../../system/spec.ts'
import type { Manifest } from '../../orchestrator.ts'
import { ANNOTATION } from '../labels.ts'
import { hashManifest } from './hash.ts'

type KubernetesObject = { apiVersion: string; kind: string; metadata: V1ObjectMeta }

/** `path` is the Compose path that the object came from. */
export function toManifest(object: KubernetesObject, path: string): Manifest {
  const body = toPlainRecord(object)
  const hash = hashManifest(body)
  const metadata = {
    ...toPlainRecord(object.metadata),
    annotations: { ...object.metadata.annotations, [ANNOTATION.hash]: hash },
  }
  return { subject: `${object.kind}/${object.metadata.name}`, path, body: { ...body, metadata } }
}

export function toMetadata(
  identity: SystemIdentity,
  name: string,
  labels: Record<string, string>,
): V1ObjectMeta {
  return { name, namespace: identity.namespace, labels }
}
