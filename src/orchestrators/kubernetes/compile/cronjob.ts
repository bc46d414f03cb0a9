// A service that runs to its end again and again, by the clock.
import type { V1CronJob } from '@kubernetes/client-node'
import { hashOf } from '../../../system/hash.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Manifest } from '../../orchestrator.ts'
import { ANNOTATION } from '../labels.ts'
import { type Context, isAtLeast } from './context.ts'
import { toManifest } from './manifest.ts'
import { toServiceLabels } from './object-labels.ts'
import { toPodTemplate } from './pod.ts'
import { toWorkloadMetadata } from './service-metadata.ts'
import type { Workload } from './workload.ts'

type CronJobWorkload = Extract<Workload, { kind: 'CronJob' }>

/** `batch/v1` has it from this version on (KEP-19). */
const STABLE_MINOR = 21

/** Without replicas, or suspended, it keeps its place and does not run. Its Jobs are the system's, by their labels, and its own. */
export function toCronJob(
  name: string,
  service: ServiceSpec,
  { schedule, concurrencyPolicy, restartPolicy, backoffLimit }: CronJobWorkload,
  context: Context,
): Manifest {
  const template = toPodTemplate(name, service, context, restartPolicy)
  const copies = Math.max(1, service.replicas)
  const object = {
    apiVersion: isAtLeast(context.facts, STABLE_MINOR) ? 'batch/v1' : 'batch/v1beta1',
    kind: 'CronJob',
    metadata: toWorkloadMetadata(name, service, context),
    spec: {
      schedule,
      concurrencyPolicy,
      suspend: context.suspended || service.replicas === 0,
      jobTemplate: {
        metadata: {
          labels: toServiceLabels(context.identity, name),
          annotations: { [ANNOTATION.template]: hashOf(template) },
        },
        spec: { parallelism: copies, completions: copies, backoffLimit, template },
      },
    },
  } satisfies V1CronJob
  return toManifest(object, `services.${name}`)
}
