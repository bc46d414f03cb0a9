// A service of which every node has a copy.
import type { V1DaemonSet } from '@kubernetes/client-node'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Manifest } from '../../orchestrator.ts'
import type { Context } from './context.ts'
import { toManifest } from './manifest.ts'
import { toServiceSelector } from './object-labels.ts'
import { toPodTemplate } from './pod.ts'
import { withoutNodes } from './rest.ts'
import { toWorkloadMetadata } from './service-metadata.ts'
import { toDaemonStrategy } from './strategy.ts'

/** On every node that takes it: one that is kept free (a taint) is so for this too. */
export function toDaemonSet(name: string, service: ServiceSpec, context: Context): Manifest {
  const { identity } = context
  const template = toPodTemplate(name, service, context)
  const object = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: toWorkloadMetadata(name, service, context),
    spec: {
      ...toDaemonStrategy(service, context.facts),
      selector: { matchLabels: toServiceSelector(identity, name) },
      template: { ...template, spec: withoutNodes(template.spec, context) },
    },
  } satisfies V1DaemonSet
  return toManifest(object, `services.${name}`)
}
