// Which spec of its controller a pod or Job was made of: a DaemonSet numbers its own, a StatefulSet names its own, and a
// CronJob's Jobs have a hash from the compiler.
import { ANNOTATION } from '../labels.ts'
import type { KubeObject } from './objects.ts'
import { toTree } from './tree.ts'

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

/** Of a Job that a CronJob made. */
export function runTemplateOf({ metadata }: KubeObject): string | undefined {
  return metadata.annotations?.[ANNOTATION.template]
}

/** Of a CronJob. */
export function nextRunTemplateOf({ spec }: KubeObject): string | undefined {
  const metadata = toTree(toTree(toTree(spec).jobTemplate).metadata)
  const template = toTree(metadata.annotations)[ANNOTATION.template]
  return typeof template === 'string' ? template : undefined
}
