// Which services an object runs: that of its label, or all of a pod that several share.
import { toGateKey } from '../../../system/requirements.ts'
import { ANNOTATION, LABEL } from '../labels.ts'
import type { KubeObject } from './objects.ts'
import { type Tree, toTree } from './tree.ts'

/** The container of each service, by the service's name. Undefined for what runs one service, or none. */
export type Containers = Readonly<Record<string, string>>

/** Of a pod, or of a workload with a template of one. */
export function containersOf(object: Pick<KubeObject, 'metadata' | 'spec'>): Containers | undefined {
  const template = templateIn(object)
  const names = toTree(toTree(template.metadata).annotations)[ANNOTATION.services]
  if (typeof names !== 'string') return undefined
  const containers: unknown = toTree(template.spec).containers
  if (!Array.isArray(containers)) return undefined
  return Object.fromEntries(names.split(' ').map((name, at) => [name, nameOf(containers[at])]))
}

/** The pod itself, or the template of one; a CronJob has that one level deeper. */
function templateIn({ metadata, spec }: Pick<KubeObject, 'metadata' | 'spec'>): Tree {
  const maker = spec?.jobTemplate === undefined ? spec : toTree(toTree(spec.jobTemplate).spec)
  return maker?.template === undefined ? { metadata, spec } : toTree(maker.template)
}

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

function nameOf(container: unknown): string {
  const { name } = toTree(container)
  return typeof name === 'string' ? name : ''
}
