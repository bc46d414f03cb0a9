/** The processes of the cluster in the order of their start: what runs, how, and how to know that it is ready. */
import { join } from 'node:path'
import { isOk } from '../http.ts'
import type { Api } from './api.ts'
import { type Component, flags } from './component.ts'
import { listControlPlane } from './control-plane-components.ts'
import { answersName } from './dns/probe.ts'
import { type DockerEngine, dockerArguments, isEngineReady } from './docker.ts'
import { files, NETWORK, NODE, PORTS, type Settings } from './settings.ts'

export type Parts = { settings: Settings; engine: DockerEngine; api: Api }

const script = (path: string) => join(import.meta.dirname, path)

export function listComponents(parts: Parts): Component[] {
  const { engine } = parts
  return [
    ...(engine.kind === 'ours' ? [docker(parts.settings)] : []),
    registry(parts),
    ...listControlPlane({ ...parts.settings, ports: PORTS, address: NODE.address }, parts.api),
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
