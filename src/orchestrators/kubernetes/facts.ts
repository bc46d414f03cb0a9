// What the compiler must know of a cluster, so that it can stay pure: read by the engine, used by the compiler.

export type ClusterFacts = {
  /** Of the API server. A field or kind that is newer than this is never sent. */
  version: { major: number; minor: number }
  /** The cluster's DNS; null when no address of it can be had. */
  dns: ClusterDns | null
  /** Where node ports answer, best first; empty where nodes may not be read. */
  nodeAddresses: string[]
}

/** `address`: an IP that pods can ask; `domain`: the cluster's domain without a leading dot (`cluster.local`). */
export type ClusterDns = { address: string; domain: string }

/**
 * A current cluster with kubeadm's defaults (version, service subnet 10.96.0.0/12, domain), for checks
 * without a cluster.
 */
export const assumedFacts: ClusterFacts = {
  version: { major: 1, minor: 34 },
  dns: { address: '10.96.0.10', domain: 'cluster.local' },
  nodeAddresses: [],
}
