// A service whose pods have names and an order of their own: only where the file asks for it.
import type { V1StatefulSet } from '@kubernetes/client-node'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Manifest } from '../../orchestrator.ts'
import type { Context } from './context.ts'
import { toManifest } from './manifest.ts'
import { toHeadlessName } from './names.ts'
import { toServiceSelector } from './object-labels.ts'
import { toPodTemplate } from './pod.ts'
import { toReplicas } from './rest.ts'
import { toWorkloadMetadata } from './service-metadata.ts'
import { toStatefulStrategy } from './strategy.ts'

/**
 * Its volumes are those of the system, one claim each, as of every other kind. Its pods start side by side, as copies do
 * in Docker; one that never becomes ready would else keep its own correction from coming
 * (https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback).
 */
export function toStatefulSet(name: string, service: ServiceSpec, context: Context): Manifest {
  const { identity } = context
  const object = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: toWorkloadMetadata(name, service, context),
    spec: {
      serviceName: toHeadlessName(identity.name),
      podManagementPolicy: 'Parallel',
      replicas: toReplicas(service, context),
      ...toStatefulStrategy(service, context.facts),
      selector: { matchLabels: toServiceSelector(identity, name) },
      template: toPodTemplate(name, service, context),
    },
  } satisfies V1StatefulSet
  return toManifest(object, `services.${name}`)
}
