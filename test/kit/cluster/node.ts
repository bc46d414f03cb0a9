/** What the node needs beside its processes: an address, kubelet's configuration, the DNS Service; and their removal. */
import { readFile, writeFile } from 'node:fs/promises'
import { type Api, ApiError } from './api.ts'
import { run, succeeds } from './command.ts'
import { files, NETWORK, NODE, PORTS } from './settings.ts'

/** kubenet's bridge, which kubelet makes and leaves behind. */
const POD_BRIDGE = 'cbr0'

export async function makeNodeAddress(): Promise<void> {
  await allowPodTraffic()
  if (await succeeds('ip', ['link', 'show', NODE.bridge])) return
  await run('ip', ['link', 'add', NODE.bridge, 'type', 'bridge'])
  await run('ip', ['address', 'add', `${NODE.address}/32`, 'dev', NODE.bridge])
  await run('ip', ['link', 'set', NODE.bridge, 'up'])
  // Pods' packets to Services are routed by this machine.
  await writeFile('/proc/sys/net/ipv4/ip_forward', '1')
}

export async function removeNodeAddress(): Promise<void> {
  for (const bridge of [NODE.bridge, POD_BRIDGE]) await succeeds('ip', ['link', 'delete', bridge])
  for (const rule of POD_RULES) await succeeds('iptables', ['-D', 'FORWARD', ...rule])
}

const POD_RULES = ['-s', '-d'].map((side) => [side, NETWORK.pods, '-j', 'ACCEPT'])

/** Docker's default for forwarded packets is to drop them, and pods are no containers that it knows. */
async function allowPodTraffic(): Promise<void> {
  for (const rule of POD_RULES) {
    if (await succeeds('iptables', ['-C', 'FORWARD', ...rule])) continue
    await run('iptables', ['-I', 'FORWARD', ...rule])
  }
}

/** Volumes of pods are mounts below kubelet's folder, and the folder itself may be one; inner ones first. */
export async function unmountVolumes(folder: string): Promise<void> {
  const root = files(folder).kubeletRoot
  const mounts = (await readFile('/proc/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '')
  const ours = mounts.filter((mount) => `${mount}/`.startsWith(`${root}/`)).sort()
  for (const mount of ours.reverse()) await run('umount', [mount])
}

/** Removes the packet filter's rules and chains of kubelet and kube-proxy, and leaves everybody else's. */
export async function removeFilterRules(): Promise<void> {
  for (const table of ['filter', 'nat', 'mangle']) {
    const lines = (await run('iptables-save', ['-t', table])).split('\n')
    const chains = lines
      .filter((line) => line.startsWith(':KUBE-'))
      .map((line) => line.slice(1).split(' ')[0])
    const rules = lines.filter((line) => /^-A (?!KUBE-).*(-j KUBE-|"kubenet: )/.test(line))
    if (chains.length + rules.length === 0) continue
    const text = [
      `*${table}`,
      ...rules.map((line) => line.replace('-A', '-D')),
      ...chains.map((chain) => `-F ${chain}`),
      ...chains.map((chain) => `-X ${chain}`),
      'COMMIT\n',
    ].join('\n')
    await run('iptables-restore', ['--noflush'], { input: text })
  }
}

export async function writeKubeletConfig(folder: string, cgroupDriver: string): Promise<void> {
  const { certificate, key, kubeletConfig } = files(folder)
  await writeFile(
    kubeletConfig,
    `kind: KubeletConfiguration
apiVersion: kubelet.config.k8s.io/v1beta1
address: ${NODE.address}
port: ${PORTS.kubelet}
healthzPort: ${PORTS.kubeletHealth}
tlsCertFile: ${certificate('node')}
tlsPrivateKeyFile: ${key('node')}
authentication: { anonymous: { enabled: false }, webhook: { enabled: true }, x509: { clientCAFile: ${certificate('ca')} } }
authorization: { mode: Webhook }
cgroupDriver: ${cgroupDriver}
cgroupRoot: /
failSwapOn: false
clusterDNS: ["${NETWORK.dnsService}"]
clusterDomain: ${NETWORK.domain}
# A developer's full disk is no reason to evict, and images made here cannot be pulled again.
evictionHard: { memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1% }
imageGCHighThresholdPercent: 100
maxPods: 400
# Many systems start at once in tests; the defaults (5 requests a second) are those of 2015.
kubeAPIQPS: 50
kubeAPIBurst: 100
# One missing image must not hold up the others' pulls.
serializeImagePulls: false
registryPullQPS: 0
eventRecordQPS: 0
`,
  )
}

const DNS_META = { name: 'kube-dns', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } }

/** The Service that pods ask, and by hand its Endpoints: the responder of the kit runs beside the cluster. */
export async function publishDns(api: Api): Promise<void> {
  const ports = (['UDP', 'TCP'] as const).map((protocol) => ({ name: protocol.toLowerCase(), protocol }))
  const place = '/api/v1/namespaces/kube-system'
  await ensure(api, `${place}/services`, {
    metadata: DNS_META,
    spec: { clusterIP: NETWORK.dnsService, ports: ports.map((port) => ({ ...port, port: 53 })) },
  })
  await ensure(api, `${place}/endpoints`, {
    metadata: DNS_META,
    subsets: [
      {
        addresses: [{ ip: NODE.address }],
        ports: ports.map((port) => ({ ...port, port: PORTS.dns })),
      },
    ],
  })
}

type Manifest = { metadata: { name: string }; [field: string]: unknown }

/** Creates an object that may be there already from an earlier `up`. */
async function ensure(api: Api, path: string, body: Manifest): Promise<void> {
  try {
    await api.send('GET', `${path}/${body.metadata.name}`)
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error
    await api.send('POST', path, body)
  }
}

type Node = { status: { conditions: { type: string; status: string }[] } }

export async function isNodeReady(api: Api): Promise<boolean> {
  const { status } = await api.send<Node>('GET', `/api/v1/nodes/${NODE.name}`)
  return status.conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True')
}
