// A service that runs until it is stopped.
import type { V1Deployment } from '@kubernetes/client-node'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Manifest } from '../../orchestrator.ts'
import { holdsVolumesAlone } from './claims.ts'
import type { Context } from './context.ts'
import { toManifest } from './manifest.ts'
import { toServiceSelector } from './object-labels.ts'
import { toPodTemplate } from './pod.ts'
import { toPodService } from './pod-members.ts'
import { toReplicas } from './rest.ts'
import { toWorkloadMetadata } from './service-metadata.ts'
import { toStrategy } from './strategy.ts'

export function toDeployment(name: string, service: ServiceSpec, context: Context): Manifest {
  const { identity } = context
  const object = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: toWorkloadMetadata(name, service, context),
    spec: {
      replicas: toReplicas(service, context),
      ...toStrategy(service, holdsVolumesAlone(toPodService(name, service, context), context)),
      selector: { matchLabels: toServiceSelector(identity, name) },
      template: toPodTemplate(name, service, context),
    },
  } satisfies V1Deployment
  return toManifest(object, `services.${name}`)
}
