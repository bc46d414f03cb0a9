// Which services an object runs: that of its label, or all of a pod that several share.
import { toGateKey } from '../../../system/requirements.ts'
import { ANNOTATION, LABEL } from '../labels.ts'
import { type PodTemplate, podTemplateOf } from '../pod-template.ts'
import type { KubeObject } from './objects.ts'

/** The container of each service, by the service's name. Undefined for what runs one service, or none. */
export type Containers = Readonly<Record<string, string>>

/** Of a pod, or of a workload with a template of one. */
export function containersOf(object: Pick<KubeObject, 'metadata' | 'spec'>): Containers | undefined {
  const pod = podTemplateOf<PodSpec>(object.spec) ?? (object as PodTemplate<PodSpec>)
  const names = pod.metadata?.annotations?.[ANNOTATION.services]
  const containers = pod.spec?.containers
  if (names === undefined || containers === undefined) return undefined
  return Object.fromEntries(names.split(' ').map((name, at) => [name, containers[at]?.name ?? '']))
}

type PodSpec = { containers?: { name?: string }[] }

/** By the label of an object; of what runs once before a service, a name that no service has. */
export function serviceOf({ labels }: Pick<KubeObject['metadata'], 'labels'>): string | undefined {
  const gate = labels?.[LABEL.gate]
  return labels?.[LABEL.service] ?? (gate === undefined ? undefined : toGateKey(gate))
}

/** Of the metadata of a workload: all that it runs. */
export function servicesIn(metadata: Pick<KubeObject['metadata'], 'labels' | 'annotations'>): string[] {
  const names = metadata.annotations?.[ANNOTATION.services]
  if (names !== undefined) return names.split(' ')
  const service = serviceOf(metadata)
  return service === undefined ? [] : [service]
}
