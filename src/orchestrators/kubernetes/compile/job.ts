// A service that runs to its end. Its pod template can't be changed: an update makes the object anew.
import type { V1Job, V1ObjectMeta } from '@kubernetes/client-node'
import { hashOf } from '../../../system/hash.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Manifest } from '../../orchestrator.ts'
import { ANNOTATION } from '../labels.ts'
import type { Context } from './context.ts'
import { toManifest } from './manifest.ts'
import { toPodTemplate } from './pod.ts'
import { toJobRest } from './rest.ts'
import { toWorkloadMetadata } from './service-metadata.ts'
import type { Workload } from './workload.ts'

type JobWorkload = Extract<Workload, { kind: 'Job' }>

/** All replicas run at once, and all must end well. */
export function toJob(
  name: string,
  service: ServiceSpec,
  { restartPolicy, backoffLimit }: JobWorkload,
  context: Context,
): Manifest {
  const fixed = {
    completions: service.replicas,
    backoffLimit,
    template: toPodTemplate(name, service, context, restartPolicy),
  }
  const object = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: withTemplateMark(toWorkloadMetadata(name, service, context), fixed),
    spec: { parallelism: service.replicas, ...fixed, ...toJobRest(context) },
  } satisfies V1Job
  return toManifest(object, `services.${name}`)
}

/** `fixed`: what of its spec can't be changed. What the engine writes into the template, by an annotation, neither. */
export function withTemplateMark(metadata: V1ObjectMeta, fixed: object): V1ObjectMeta {
  const hosts = metadata.annotations?.[ANNOTATION.hosts]
  const mark = hashOf(hosts === undefined ? fixed : { ...fixed, hosts })
  return { ...metadata, annotations: { ...metadata.annotations, [ANNOTATION.template]: mark } }
}
