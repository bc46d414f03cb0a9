// The kinds of objects that a system can consist of, as data: everything that lists, watches or deletes reads this.

export type KindName =
  | 'Deployment'
  | 'DaemonSet'
  | 'StatefulSet'
  | 'Job'
  | 'CronJob'
  | 'Service'
  | 'Ingress'
  | 'NetworkPolicy'
  | 'HorizontalPodAutoscaler'
  | 'ConfigMap'
  | 'Secret'
  | 'PersistentVolumeClaim'
  | 'ReplicaSet'
  | 'Pod'

/**
 * `workload` and `support`: Tycho writes such objects, the second before the first. `kept`: Tycho writes them too, but
 * they are a system's of whatever incarnation, and outlive it. `derived`: controllers make them out of ours; they go
 * when their owner goes, and a system is not gone before they are.
 */
export type Kind = {
  kind: KindName
  apiVersion: string
  plural: string
  role: 'workload' | 'support' | 'kept' | 'derived'
  /** Only the metadata is read of such objects when they are observed. */
  metadataOnly: boolean
  /** Under which version the servers of Kubernetes 1 have it that are below this minor version. */
  earlier?: { apiVersion: string; below: number }
}

export const kinds: readonly Kind[] = [
  { kind: 'Deployment', apiVersion: 'apps/v1', plural: 'deployments', role: 'workload', metadataOnly: false },
  { kind: 'DaemonSet', apiVersion: 'apps/v1', plural: 'daemonsets', role: 'workload', metadataOnly: false },
  {
    kind: 'StatefulSet',
    apiVersion: 'apps/v1',
    plural: 'statefulsets',
    role: 'workload',
    metadataOnly: false,
  },
  { kind: 'Job', apiVersion: 'batch/v1', plural: 'jobs', role: 'workload', metadataOnly: false },
  {
    kind: 'CronJob',
    apiVersion: 'batch/v1',
    plural: 'cronjobs',
    role: 'workload',
    metadataOnly: false,
    earlier: { apiVersion: 'batch/v1beta1', below: 21 },
  },
  { kind: 'Service', apiVersion: 'v1', plural: 'services', role: 'support', metadataOnly: false },
  {
    kind: 'Ingress',
    apiVersion: 'networking.k8s.io/v1',
    plural: 'ingresses',
    role: 'support',
    metadataOnly: true,
  },
  {
    kind: 'NetworkPolicy',
    apiVersion: 'networking.k8s.io/v1',
    plural: 'networkpolicies',
    role: 'support',
    metadataOnly: true,
  },
  {
    kind: 'HorizontalPodAutoscaler',
    apiVersion: 'autoscaling/v2',
    plural: 'horizontalpodautoscalers',
    role: 'support',
    metadataOnly: true,
    earlier: { apiVersion: 'autoscaling/v2beta2', below: 23 },
  },
  { kind: 'ConfigMap', apiVersion: 'v1', plural: 'configmaps', role: 'support', metadataOnly: true },
  { kind: 'Secret', apiVersion: 'v1', plural: 'secrets', role: 'support', metadataOnly: true },
  {
    kind: 'PersistentVolumeClaim',
    apiVersion: 'v1',
    plural: 'persistentvolumeclaims',
    role: 'kept',
    metadataOnly: true,
  },
  { kind: 'ReplicaSet', apiVersion: 'apps/v1', plural: 'replicasets', role: 'derived', metadataOnly: true },
  { kind: 'Pod', apiVersion: 'v1', plural: 'pods', role: 'derived', metadataOnly: false },
]

/** Throws for a kind that this engine does not handle. */
export function kindNamed(name: KindName): Kind {
  const kind = kinds.find((one) => one.kind === name)
  if (!kind) throw new Error(`${name} is no kind of this engine`)
  return kind
}

/** The kinds of one incarnation's objects. */
export const kindsOfIncarnation: readonly Kind[] = kinds.filter(({ role }) => role !== 'kept')

const byName = new Map<string, Kind>(
  kinds.flatMap((kind) => {
    const versions = [kind.apiVersion, ...(kind.earlier ? [kind.earlier.apiVersion] : [])]
    return versions.map((version): [string, Kind] => [`${version}/${kind.kind}`, kind])
  }),
)

/** The kind as a server of this minor version has it. */
export function servedIn<Of extends Pick<Kind, 'apiVersion' | 'earlier'>>(kind: Of, minor: number): Of {
  const { earlier } = kind
  return earlier && minor < earlier.below ? { ...kind, apiVersion: earlier.apiVersion } : kind
}

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
