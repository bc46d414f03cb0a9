// Which spec of its controller a pod was made of: a DaemonSet numbers its own, a StatefulSet names its own.
import type { KubeObject } from './objects.ts'

/** Of a DaemonSet: the number of its present template. The server counts it (`deprecated` since 1.8, and still kept). */
const numberAnnotation = 'deprecated.daemonset.template.generation'
/** Of a pod: the number of a DaemonSet's template, and the name of a controller's revision. */
const numberLabel = 'pod-template-generation'
const revisionLabel = 'controller-revision-hash'

export function templateNumberOf({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.[numberAnnotation]
}

export function templateOf({ metadata }: KubeObject): string | undefined {
  return metadata.labels?.[numberLabel] ?? metadata.labels?.[revisionLabel]
}
