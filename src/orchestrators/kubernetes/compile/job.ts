// A service that runs to its end. Its pod template can't be changed: an update makes the object anew.
import type { V1Job } from '@kubernetes/client-node'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Manifest } from '../../orchestrator.ts'
import type { Context } from './context.ts'
import { toManifest } from './manifest.ts'
import { toPodTemplate } from './pod.ts'
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
  const object = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: toWorkloadMetadata(name, service, context),
    spec: {
      parallelism: service.replicas,
      completions: service.replicas,
      backoffLimit,
      template: toPodTemplate(name, service, context, restartPolicy),
    },
  } satisfies V1Job
  return toManifest(object, `services.${name}`)
}
