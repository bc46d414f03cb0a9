/** The processes that make a Kubernetes API: etcd, API server, controller manager, and the scheduler where it is wanted. */
import { join } from 'node:path'
import { isOk } from '../http.ts'
import type { Api } from './api.ts'
import { type Component, flags } from './component.ts'
import { files, NETWORK } from './settings.ts'

export type ControlPlane = {
  binaries: string
  run: string
  ports: ControlPlanePorts
  /** Where pods reach the API server; left out: it listens on loopback alone, and nobody asks nodes how they are. */
  address?: string
  /** Left out: what tests with many systems need. */
  rates?: Rates
}

/** Requests that one may send to the API server: so many a second for long, so many at once. */
export type Rate = { qps: number; burst: number }

export type Rates = Record<'controllerManager' | 'scheduler', Rate>

/** `scheduler`: left out, there is none, and somebody else binds the pods. */
export type ControlPlanePorts = Record<'api' | 'etcd' | 'etcdPeer' | 'controllerManager', number> & {
  scheduler?: number
}

/** The controllers' default of 20 requests a second would be the slowest part of every test with many systems. */
const ratesOfNodes: Rates = {
  controllerManager: { qps: 100, burst: 200 },
  scheduler: { qps: 50, burst: 100 },
}
const ratesOfStandIns: Rates = {
  controllerManager: { qps: 1000, burst: 2000 },
  scheduler: { qps: 1000, burst: 2000 },
}

export const ratesOf = ({ address, rates }: Pick<ControlPlane, 'address' | 'rates'>): Rates =>
  rates ?? (address ? ratesOfNodes : ratesOfStandIns)

type Parts = { plane: ControlPlane; api: Api }

/** In the order of their start. */
export function listControlPlane(plane: ControlPlane, api: Api): Component[] {
  const parts = { plane, api }
  const { scheduler: port } = plane.ports
  return [
    etcd(parts),
    apiServer(parts),
    controllerManager(parts),
    ...(port === undefined ? [] : [scheduler(parts, port)]),
  ]
}

function etcd({ plane }: Parts): Component {
  const client = `http://127.0.0.1:${plane.ports.etcd}`
  return {
    name: 'etcd',
    command: 'etcd',
    args: [
      ...flags({
        'data-dir': join(plane.run, 'etcd'),
        'listen-client-urls': client,
        'advertise-client-urls': client,
        'listen-peer-urls': `http://127.0.0.1:${plane.ports.etcdPeer}`,
      }),
      // The data is worthless after the cluster's end: no need to wait for the disk.
      '--unsafe-no-fsync',
    ],
    ports: [plane.ports.etcd, plane.ports.etcdPeer],
    isReady: () => isOk(`${client}/health`),
  }
}

function apiServer({ plane, api }: Parts): Component {
  const { key, certificate } = files(plane.run)
  return {
    name: 'kube-apiserver',
    command: join(plane.binaries, 'kube-apiserver'),
    args: flags({
      'etcd-servers': `http://127.0.0.1:${plane.ports.etcd}`,
      ...listen(plane),
      'secure-port': plane.ports.api,
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
    ports: [plane.ports.api],
    isReady: async () => (await api.text('/readyz')) === 'ok',
    patienceMs: 120_000,
  }
}

function controllerManager({ plane, api }: Parts): Component {
  const { key, certificate, kubeconfig } = files(plane.run)
  return {
    name: 'kube-controller-manager',
    command: join(plane.binaries, 'kube-controller-manager'),
    args: flags({
      kubeconfig: kubeconfig('controller-manager'),
      'service-account-private-key-file': key('service-accounts'),
      'root-ca-file': certificate('ca'),
      'cluster-signing-cert-file': certificate('ca'),
      'cluster-signing-key-file': key('ca'),
      'use-service-account-credentials': true,
      ...nodeDuties(plane),
      'service-cluster-ip-range': NETWORK.services,
      ...rateFlags(ratesOf(plane).controllerManager),
      'secure-port': plane.ports.controllerManager,
      ...lonely('controller-manager', plane),
    }),
    ports: [plane.ports.controllerManager],
    isReady: () => isOk(`https://127.0.0.1:${plane.ports.controllerManager}/healthz`, api.dispatcher),
  }
}

function scheduler({ plane, api }: Parts, port: number): Component {
  return {
    name: 'kube-scheduler',
    command: join(plane.binaries, 'kube-scheduler'),
    args: flags({
      kubeconfig: files(plane.run).kubeconfig('scheduler'),
      ...rateFlags(ratesOf(plane).scheduler),
      'secure-port': port,
      ...lonely('scheduler', plane),
    }),
    ports: [port],
    isReady: () => isOk(`https://127.0.0.1:${port}/healthz`, api.dispatcher),
  }
}

const rateFlags = ({ qps, burst }: Rate) => ({ 'kube-api-qps': qps, 'kube-api-burst': burst })

/** Pods reach it at the node's address, the kit and a person on loopback. */
function listen({ address }: ControlPlane): Record<string, string> {
  if (address) return { 'bind-address': '0.0.0.0', 'advertise-address': address }
  // The Service `kubernetes` may not lead to loopback, so it leads nowhere.
  return {
    'bind-address': '127.0.0.1',
    'advertise-address': '127.0.0.1',
    'endpoint-reconciler-type': 'none',
  }
}

/** Stand-in nodes send no heartbeats, and need no addresses. */
function nodeDuties({ address }: ControlPlane): Record<string, string | boolean> {
  if (address) return { 'allocate-node-cidrs': true, 'cluster-cidr': NETWORK.pods }
  return { controllers: '*,-nodelifecycle,-nodeipam' }
}

/** One of its kind, so without election; health on loopback over TLS alone. */
function lonely(name: string, { run }: Pick<ControlPlane, 'run'>): Record<string, string | number | boolean> {
  const { key, certificate } = files(run)
  return {
    'leader-elect': false,
    'bind-address': '127.0.0.1',
    port: 0,
    'tls-cert-file': certificate(name),
    'tls-private-key-file': key(name),
  }
}
