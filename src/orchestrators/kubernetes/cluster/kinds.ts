// The kinds of objects that a system can consist of, as data: everything that lists, watches or deletes reads this.

export type KindName = 'Deployment' | 'Job' | 'Service' | 'ReplicaSet' | 'Pod'

/**
 * `workload` and `support`: Tycho writes such objects, the second before the first. `derived`: controllers make them out of ours; they go when their owner goes,
 * and a system is not gone before they are.
 */
export type Kind = {
  kind: KindName
  apiVersion: string
  plural: string
  role: 'workload' | 'support' | 'derived'
  /** Only the metadata is read of such objects when they are observed. */
  metadataOnly: boolean
}

export const kinds: readonly Kind[] = [
  { kind: 'Deployment', apiVersion: 'apps/v1', plural: 'deployments', role: 'workload', metadataOnly: false },
  { kind: 'Job', apiVersion: 'batch/v1', plural: 'jobs', role: 'workload', metadataOnly: false },
  { kind: 'Service', apiVersion: 'v1', plural: 'services', role: 'support', metadataOnly: true },
  { kind: 'ReplicaSet', apiVersion: 'apps/v1', plural: 'replicasets', role: 'derived', metadataOnly: true },
  { kind: 'Pod', apiVersion: 'v1', plural: 'pods', role: 'derived', metadataOnly: false },
]

const byName = new Map<string, Kind>(kinds.map((kind) => [`${kind.apiVersion}/${kind.kind}`, kind]))

/** The kind of an object as we want it; undefined for one that this engine does not handle. */
export function kindOf(apiVersion: string, kind: string): Kind | undefined {
  return byName.get(`${apiVersion}/${kind}`)
}

/**
 * The path of a collection, or of one object in it. Without a namespace: the collection over all namespaces.
 * Names are encoded, because they come from labels and files.
 */
export function pathOf(
  kind: Pick<Kind, 'apiVersion' | 'plural'>,
  namespace: string | null,
  name?: string,
): string {
  const group = kind.apiVersion.includes('/') ? `/apis/${kind.apiVersion}` : `/api/${kind.apiVersion}`
  const scope = namespace === null ? '' : `/namespaces/${encodeURIComponent(namespace)}`
  const item = name === undefined ? '' : `/${encodeURIComponent(name)}`
  return `${group}${scope}/${kind.plural}${item}`
}
