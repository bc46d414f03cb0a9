// What the ResourceQuotas of a namespace bound, in the names of what systems need
// (https://kubernetes.io/docs/concepts/policy/resource-quotas/). Pure.
import type { Bound } from '../../../../system/capacity.ts'
import { readQuantity } from '../../quantity.ts'
import { kinds } from '../kinds.ts'
import type { KubeObject } from '../objects.ts'

type Status = { hard?: Record<string, string>; used?: Record<string, string> }

const ofQuota: Readonly<Record<string, string>> = {
  pods: 'pods',
  cpu: 'cpuRequests',
  memory: 'memoryRequests',
  'requests.cpu': 'cpuRequests',
  'requests.memory': 'memoryRequests',
  'limits.cpu': 'cpuLimits',
  'limits.memory': 'memoryLimits',
  'requests.storage': 'storage',
  'services.nodeports': 'nodePorts',
  'count/pods': 'pods',
  // A Deployment has one that runs.
  'count/replicasets.apps': 'Deployment',
  ...Object.fromEntries(
    kinds
      .filter(({ role }) => role !== 'derived')
      .flatMap(({ kind, plural, apiVersion }) => {
        const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : ''
        const ofCore = group === '' ? [[plural, kind]] : []
        return [...ofCore, [`count/${plural}${group}`, kind]]
      }),
  ),
}

/** One that is for some pods only (`scopes`) says nothing of how many there may be of all. */
export function boundsOfQuotas(quotas: readonly KubeObject[]): Bound[] {
  return quotas.flatMap(({ metadata, spec = {}, status = {} }) => {
    if (spec.scopes !== undefined || spec.scopeSelector !== undefined) return []
    const { hard = {}, used = {} } = status as Status
    return Object.entries(hard).flatMap(([name, limit]): Bound[] => {
      const of = ofQuota[name]
      if (of === undefined) return []
      return [{ of, limit: readQuantity(limit), used: readQuantity(used[name]), quota: metadata.name }]
    })
  })
}
