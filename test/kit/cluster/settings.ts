/** Where the test cluster lives on this machine: folders, ports and addresses. */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

export const KUBERNETES_VERSION = '1.20.2'

/** All ports are fixed: one machine has one such cluster, shared by every clone. */
export const PORTS = {
  api: 6443,
  etcd: 2379,
  etcdPeer: 2380,
  registry: 5080,
  dns: 10053,
  controllerManager: 10257,
  scheduler: 10259,
  kubelet: 10250,
  kubeletHealth: 10248,
  proxyHealth: 10256,
  proxyMetrics: 10249,
} as const

/**
 * The node has an address of its own on a bridge that is not connected to anything: so the cluster works on a
 * machine without a network, and pods reach the API server and the DNS responder wherever the machine moves.
 */
export const NODE = { name: 'node1', address: '10.245.0.1', bridge: 'tycho0' } as const

export const NETWORK = {
  services: '10.96.0.0/16',
  apiService: '10.96.0.1',
  dnsService: '10.96.0.10',
  pods: '10.244.0.0/16',
  /** Not translated on the way out of a pod: pods, services and the node. */
  unmasked: '10.244.0.0/15',
  domain: 'cluster.local',
} as const

export type Settings = {
  /** The built Kubernetes binaries. */
  binaries: string
  /** Where the running cluster keeps everything: keys, logs, pid files, etcd's data, kubelet's folder. */
  run: string
  /** The kubeconfig that the project's service looks for last. */
  kubeconfig: string
}

/** `TYCHO_KUBERNETES_CACHE` and `TYCHO_CLUSTER_DIR` move the two folders; both are outside the clone. */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const cache = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'tycho')
  return {
    binaries: resolve(env.TYCHO_KUBERNETES_CACHE || join(cache, `kubernetes-${KUBERNETES_VERSION}`)),
    run: resolve(env.TYCHO_CLUSTER_DIR || join(cache, 'cluster')),
    kubeconfig: resolve(import.meta.dirname, '../../../.tycho/kubeconfig'),
  }
}

/** The files that more than one part of the kit needs. */
export const files = (run: string) => ({
  key: (name: string) => join(run, 'pki', `${name}.key`),
  certificate: (name: string) => join(run, 'pki', `${name}.crt`),
  kubeconfig: (name: string) => join(run, `${name}.kubeconfig`),
  kubeletConfig: join(run, 'kubelet.yaml'),
  kubeletRoot: join(run, 'kubelet'),
  registry: join(run, 'registry'),
  runtime: join(run, 'runtime.sh'),
})
