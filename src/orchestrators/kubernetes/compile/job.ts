// A service that runs to its end. Its pod template can't be changed: an update makes the object anew.
import type { V1Job } from '@kubernetes/client-node'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Manifest } from '../../orchestrator.ts'
import type { Context } from './context.ts'
import { toManifest, toMetadata } from './manifest.ts'
import { toObjectName } from './names.ts'
import { toServiceLabels } from './object-labels.ts'
import { toPodTemplate } from './pod.ts'
import type { Workload } from './workload.ts'

type JobWorkload = Extract<Workload, { kind: 'Job' }>

/** All replicas run at once, and all must end well. */
export function toJob(
  name: string,
  service: ServiceSpec,
  { restartPolicy, backoffLimit }: JobWorkload,
  context: Context,
): Manifest {
  const { identity } = context
  const object = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: toMetadata(identity, toObjectName(identity.name, name), toServiceLabels(identity, name)),
    spec: {
      parallelism: service.replicas,
      completions: service.replicas,
      backoffLimit,
      template: toPodTemplate(name, service, context, restartPolicy),
    },
  } satisfies V1Job
  return toManifest(object, `services.${name}`)
}
