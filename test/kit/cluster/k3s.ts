/** The cluster as k3s in a container, where a Docker engine runs that can have its image. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { K3sContainer } from '@testcontainers/k3s'
import { request } from 'undici'
import { type Registry, startRegistry } from '../registry.ts'
import type { OpenCluster } from './choose.ts'
import { docker, isEngineReady } from './docker.ts'
import { createEngineImages } from './engine-images.ts'
import { buildImages, hasImage } from './images.ts'
import type { Report } from './packages.ts'
import { PORTS } from './settings.ts'

const IMAGE = 'rancher/k3s:v1.31.2-k3s1'

/** Few, because each is published one by one on the machine, under the same number, for `127.0.0.1:<nodePort>`. */
const NODE_PORTS = { first: 30_000, last: 30_199 } as const

/** The machine as k3s' container runtime sees it. */
const MACHINE = 'machine.test'

/** Decides in a few seconds: no engine, no image and no network means no. */
export async function canRunK3s(): Promise<boolean> {
  if (!(await isEngineReady())) return false
  return (await hasImage(IMAGE)) || (await isHubReachable())
}

async function isHubReachable(): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(3_000)
    const { statusCode, body } = await request('https://registry-1.docker.io/v2/', { signal })
    await body.dump()
    // Unauthorized is how the hub says that it is there.
    return statusCode === 200 || statusCode === 401
  } catch {
    return false
  }
}

/** Starts k3s; images come from the machine's engine through the kit's registry. Disposing removes it all. */
export async function startK3s(report: Report): Promise<OpenCluster> {
  report(`test cluster: starting ${IMAGE} in a container`)
  await using opening = new AsyncDisposableStack()
  await buildImages(report)
  const folder = await mkdtemp(join(tmpdir(), 'tycho-k3s-'))
  opening.defer(() => rm(folder, { recursive: true, force: true }))
  const registry = opening.use(await openRegistry(folder))
  const container = await createContainer(registry).start()
  opening.defer(async () => void (await container.stop()))
  const kubeconfig = join(folder, 'kubeconfig')
  await writeFile(kubeconfig, container.getKubeConfig(), { mode: 0o600 })
  const opened = opening.move()
  return {
    info: { kind: 'k3s', kubeconfig, nodeHost: '127.0.0.1' },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

/** On Linux a container reaches the machine at its bridge's gateway; elsewhere Docker leads it to loopback. */
async function openRegistry(folder: string): Promise<Registry> {
  const gateway = '{{range .IPAM.Config}}{{.Gateway}}{{end}}'
  const isLinux = process.platform === 'linux'
  const bridge = isLinux ? (await docker(['network', 'inspect', 'bridge', '--format', gateway])).trim() : ''
  return startRegistry({
    port: PORTS.registry,
    hosts: ['127.0.0.1', ...(bridge ? [bridge] : [])],
    source: await createEngineImages(folder),
  })
}

function createContainer({ port, host }: Registry): K3sContainer {
  const range = Array.from({ length: NODE_PORTS.last - NODE_PORTS.first + 1 }, (_, i) => NODE_PORTS.first + i)
  const container = new K3sContainer(IMAGE)
  container
    .withCommand([
      'server',
      '--disable=traefik',
      `--service-node-port-range=${NODE_PORTS.first}-${NODE_PORTS.last}`,
    ])
    .withExposedPorts(...range.map((number) => ({ container: number, host: number })))
    .withExtraHosts([{ host: MACHINE, ipAddress: 'host-gateway' }])
    .withCopyContentToContainer([
      { content: toMirrors(['docker.io', host], port), target: '/etc/rancher/k3s/registries.yaml' },
    ])
  return container
}

function toMirrors(registries: string[], port: number): string {
  const entries = registries.map((name) => `  "${name}": { endpoint: ["http://${MACHINE}:${port}"] }\n`)
  return `mirrors:\n${entries.join('')}`
}
