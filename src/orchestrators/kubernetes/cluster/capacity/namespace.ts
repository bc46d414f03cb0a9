// How much room a namespace has: how many objects it is made for and holds, and what its quotas say.
import type { Bound, NamespaceCapacity, NamespaceState, ScaleLimits } from '../../../../system/capacity.ts'
import { codes, hasCode } from '../api-error.ts'
import type { Client } from '../client.ts'
import type { KubeList, KubeObject } from '../objects.ts'
import { countObjects } from './count-objects.ts'
import { ifAllowed } from './if-allowed.ts'
import { boundsOfQuotas } from './quotas.ts'

export async function readNamespace(
  client: Client,
  namespace: string,
  limits: ScaleLimits,
  signal: AbortSignal,
): Promise<NamespaceCapacity> {
  const [state, quotas, ...counted] = await Promise.all([
    readState(client, namespace, signal),
    readQuotas(client, namespace, signal),
    ...countedIn(namespace, limits).map(async ({ of, limit, path }) => {
      const used = await ifAllowed(countObjects(client, path, signal))
      return { of, limit, used }
    }),
  ])
  const bounds = counted.flatMap(({ of, limit, used }): Bound[] =>
    used === undefined ? [] : [{ of, limit, used, quota: null }],
  )
  const unread = counted.filter(({ used }) => used === undefined).map(({ of }) => of)
  return {
    namespace,
    state,
    bounds: [...bounds, ...(quotas ?? [])],
    unread: [...unread, ...(quotas ? [] : ['ResourceQuota'])],
  }
}

function countedIn(namespace: string, limits: ScaleLimits) {
  const within = `namespaces/${encodeURIComponent(namespace)}`
  return [
    { of: 'Service', limit: limits.servicesPerNamespace, path: `/api/v1/${within}/services` },
    { of: 'Deployment', limit: limits.deploymentsPerNamespace, path: `/apis/apps/v1/${within}/deployments` },
    { of: 'pods', limit: limits.podsPerNamespace, path: `/api/v1/${within}/pods` },
  ]
}

async function readState(client: Client, namespace: string, signal: AbortSignal): Promise<NamespaceState> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}`
  const context = { subject: `the namespace ${namespace}`, namespace }
  try {
    const found = await ifAllowed(client.request<KubeObject>({ method: 'GET', path, context }, signal))
    if (!found) return 'unknown'
    return found.metadata.deletionTimestamp ? 'leaving' : 'present'
  } catch (error) {
    if (hasCode(error, 'NAMESPACE_NOT_FOUND') || hasCode(error, codes.notFound)) return 'absent'
    throw error
  }
}

/** Undefined where they may not be read. */
async function readQuotas(
  client: Client,
  namespace: string,
  signal: AbortSignal,
): Promise<Bound[] | undefined> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/resourcequotas`
  const context = { subject: 'resourcequotas', namespace }
  const found = await ifAllowed(client.request<KubeList>({ method: 'GET', path, context }, signal))
  return found && boundsOfQuotas(found.items ?? [])
}
