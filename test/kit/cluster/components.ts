/** The processes of the cluster in the order of their start: what runs, how, and how to know that it is ready. */
import { join } from 'node:path'
import { isOk } from '../http.ts'
import type { Api } from './api.ts'
import { answersName } from './dns/probe.ts'
import { type DockerEngine, dockerArguments, isEngineReady } from './docker.ts'
import { files, NETWORK, NODE, PORTS, type Settings } from './settings.ts'

export type Component = {
  /** Names its pid file and its log. */
  name: string
  command: string
  args: string[]
  /** TCP ports that nobody else may hold. */
  ports: number[]
  isReady: () => Promise<boolean>
  /** How long its start may take at most. */
  patienceMs?: number
}

export type Parts = { settings: Settings; engine: DockerEngine; api: Api }

/** `--name=value` for every entry. */
const flags = (values: Record<string, string | number | boolean>): string[] =>
  Object.entries(values).map(([name, value]) => `--${name}=${value}`)

const script = (path: string) => join(import.meta.dirname, path)

export function listComponents(parts: Parts): Component[] {
  const { engine } = parts
  return [
    ...(engine.kind === 'ours' ? [docker(parts.settings)] : []),
    registry(parts),
    etcd(parts),
    apiServer(parts),
    controllerManager(parts),
    scheduler(parts),
    kubelet(parts),
    proxy(parts),
    dns(parts),
  ]
}

/** The engine is listed apart too, because images are built before the rest starts. */
export function docker(settings: Settings): Component {
  return {
    name: 'dockerd',
    command: 'dockerd',
    args: dockerArguments(settings),
    ports: [],
    isReady: isEngineReady,
  }
}

export function registry({ settings }: Parts): Component {
  return {
    name: 'registry',
    command: process.execPath,
    args: [script('registry-process.ts'), String(PORTS.registry), files(settings.run).registry],
    ports: [PORTS.registry],
    isReady: () => isOk(`http://127.0.0.1:${PORTS.registry}/v2/`),
  }
}

function etcd({ settings }: Parts): Component {
  const client = `http://127.0.0.1:${PORTS.etcd}`
  return {
    name: 'etcd',
    command: 'etcd',
    args: [
      ...flags({
        'data-dir': join(settings.run, 'etcd'),
        'listen-client-urls': client,
        'advertise-client-urls': client,
        'listen-peer-urls': `http://127.0.0.1:${PORTS.etcdPeer}`,
      }),
      // The data is worthless after the cluster's end: no need to wait for the disk.
      '--unsafe-no-fsync',
    ],
    ports: [PORTS.etcd, PORTS.etcdPeer],
    isReady: () => isOk(`${client}/health`),
  }
}

function apiServer({ settings, api }: Parts): Component {
  const { key, certificate } = files(settings.run)
  return {
    name: 'kube-apiserver',
    command: join(settings.binaries, 'kube-apiserver'),
    args: flags({
      'etcd-servers': `http://127.0.0.1:${PORTS.etcd}`,
      // Pods reach it at the node's address, the kit and a person on loopback.
      'bind-address': '0.0.0.0',
      'advertise-address': NODE.address,
      'secure-port': PORTS.api,
      'tls-cert-file': certificate('apiserver'),
      'tls-private-key-file': key('apiserver'),
      'client-ca-file': certificate('ca'),
      'service-account-key-file': key('service-accounts'),
      'service-account-signing-key-file': key('service-accounts'),
      'service-account-issuer': `https://kubernetes.default.svc.${NETWORK.domain}`,
      'service-cluster-ip-range': NETWORK.services,
      'authorization-mode': 'Node,RBAC',
      'enable-admission-plugins': 'NodeRestriction',
      'allow-privileged': true,
      'kubelet-preferred-address-types': 'InternalIP',
      'kubelet-certificate-authority': certificate('ca'),
      'kubelet-client-certificate': certificate('admin'),
      'kubelet-client-key': key('admin'),
      'max-requests-inflight': 3000,
      'max-mutating-requests-inflight': 1000,
    }),
    ports: [PORTS.api],
    isReady: async () => (await api.text('/readyz')) === 'ok',
    patienceMs: 120_000,
  }
}

function controllerManager({ settings, api }: Parts): Component {
  const { key, certificate, kubeconfig } = files(settings.run)
  return {
    name: 'kube-controller-manager',
    command: join(settings.binaries, 'kube-controller-manager'),
    args: flags({
      kubeconfig: kubeconfig('controller-manager'),
      'service-account-private-key-file': key('service-accounts'),
      'root-ca-file': certificate('ca'),
      'cluster-signing-cert-file': certificate('ca'),
      'cluster-signing-key-file': key('ca'),
      'use-service-account-credentials': true,
      'allocate-node-cidrs': true,
      'cluster-cidr': NETWORK.pods,
      'service-cluster-ip-range': NETWORK.services,
      // The default of 20 requests a second would be the slowest part of every test with many systems.
      'kube-api-qps': 100,
      'kube-api-burst': 200,
      ...lonely('controller-manager', settings),
    }),
    ports: [PORTS.controllerManager],
    isReady: () => isOk(`https://127.0.0.1:${PORTS.controllerManager}/healthz`, api.dispatcher),
  }
}

function scheduler({ settings, api }: Parts): Component {
  return {
    name: 'kube-scheduler',
    command: join(settings.binaries, 'kube-scheduler'),
    args: flags({
      kubeconfig: files(settings.run).kubeconfig('scheduler'),
      ...lonely('scheduler', settings),
    }),
    ports: [PORTS.scheduler],
    isReady: () => isOk(`https://127.0.0.1:${PORTS.scheduler}/healthz`, api.dispatcher),
  }
}

/** One of its kind, so without election; health on loopback over TLS alone. */
function lonely(name: string, { run }: Settings): Record<string, string | number | boolean> {
  const { key, certificate } = files(run)
  return {
    'leader-elect': false,
    'bind-address': '127.0.0.1',
    port: 0,
    'tls-cert-file': certificate(name),
    'tls-private-key-file': key(name),
  }
}

function kubelet({ settings }: Parts): Component {
  const { kubeconfig, kubeletConfig, kubeletRoot } = files(settings.run)
  return {
    name: 'kubelet',
    command: join(settings.binaries, 'kubelet'),
    args: flags({
      config: kubeletConfig,
      kubeconfig: kubeconfig('node'),
      'hostname-override': NODE.name,
      'node-ip': NODE.address,
      'root-dir': kubeletRoot,
      'network-plugin': 'kubenet',
      'cni-bin-dir': '/usr/lib/cni',
      'non-masquerade-cidr': NETWORK.unmasked,
      'pod-infra-container-image': 'local/pause:1',
    }),
    ports: [PORTS.kubelet, PORTS.kubeletHealth],
    isReady: () => isOk(`http://127.0.0.1:${PORTS.kubeletHealth}/healthz`),
  }
}

function proxy({ settings }: Parts): Component {
  return {
    name: 'kube-proxy',
    command: join(settings.binaries, 'kube-proxy'),
    args: flags({
      kubeconfig: files(settings.run).kubeconfig('proxy'),
      // In this mode it lets node ports answer on 127.0.0.1 too (it sets route_localnet).
      'proxy-mode': 'iptables',
      'cluster-cidr': NETWORK.pods,
      'hostname-override': NODE.name,
      'healthz-bind-address': `127.0.0.1:${PORTS.proxyHealth}`,
      'metrics-bind-address': `127.0.0.1:${PORTS.proxyMetrics}`,
      // Zero leaves the kernel's limits alone, which a container may not set.
      'conntrack-max-per-core': 0,
    }),
    ports: [PORTS.proxyHealth, PORTS.proxyMetrics],
    isReady: () => isOk(`http://127.0.0.1:${PORTS.proxyHealth}/healthz`),
  }
}

function dns({ settings }: Parts): Component {
  return {
    name: 'dns',
    command: process.execPath,
    args: [
      script('dns/process.ts'),
      files(settings.run).kubeconfig('admin'),
      NODE.address,
      String(PORTS.dns),
    ],
    ports: [PORTS.dns],
    isReady: () => answersName(`kubernetes.default.svc.${NETWORK.domain}`, NODE.address, PORTS.dns),
  }
}
