// Name and labels of a service's own objects; `deploy.labels` are theirs, and never the pods'.
import type { V1ObjectMeta } from '@kubernetes/client-node'
import type { Problem } from '../../../problem.ts'
import type { ServiceSpec } from '../../../system/spec.ts'
import type { Context } from './context.ts'
import { remark } from './dispositions.ts'
import { toMetadata } from './manifest.ts'
import { toOwnName } from './names.ts'
import { toServiceLabels } from './object-labels.ts'
import { toServicesAnnotation } from './pod-members.ts'
import { checkKey, isLabelValue, usable } from './pod-metadata.ts'
import { toRestMark } from './rest.ts'
import { toHostsAnnotation } from './stable-address.ts'

export function toServiceMetadata(name: string, service: ServiceSpec, context: Context): V1ObjectMeta {
  const { identity } = context
  const { deploy } = service
  const given = usable(deploy.labels)
  const labels = given.filter(([, value]) => isLabelValue(value))
  const annotations = given.filter(([, value]) => !isLabelValue(value))
  const own = toServiceLabels(identity, name)
  const all = { ...Object.fromEntries(annotations), ...toServicesAnnotation(name, context) }
  return {
    ...toMetadata(identity, toOwnName(identity.name, name, service), {
      ...Object.fromEntries(labels),
      ...own,
    }),
    ...(Object.keys(all).length > 0 && { annotations: all }),
  }
}

/** Of an object that makes pods: it says which names they have in their hosts file, and whether there are to be none. */
export function toWorkloadMetadata(name: string, service: ServiceSpec, context: Context): V1ObjectMeta {
  const metadata = toServiceMetadata(name, service, context)
  const own = { ...toHostsAnnotation(name, context), ...toRestMark(context) }
  if (Object.keys(own).length === 0) return metadata
  return { ...metadata, annotations: { ...metadata.annotations, ...own } }
}

export function checkDeployLabels(name: string, { deploy }: ServiceSpec): Problem[] {
  const path = `services.${name}.deploy.labels`
  const keys = Object.keys(deploy.labels).flatMap((key) => checkKey(`${path}.${key}`, key, 'deploy'))
  const long = usable(deploy.labels).filter(([, value]) => !isLabelValue(value))
  const message = 'Kubernetes takes no such value in a label: it is an annotation.'
  return [...keys, ...long.map(([key]) => remark('LABEL_AS_ANNOTATION', `${path}.${key}`, message))]
}
