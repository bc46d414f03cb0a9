/** Installs Debian packages that are missing, saying so. */
import { existsSync } from 'node:fs'
import { run, succeeds } from './command.ts'

export type Report = (line: string) => void

/** What the running cluster needs. */
export const RUN_PACKAGES = [
  'etcd-server',
  'docker.io',
  'containernetworking-plugins',
  'iptables',
  'iproute2',
  'conntrack',
  'ebtables',
  'ethtool',
  'socat',
  'jq',
  'openssl',
  'busybox-static',
  'redis-server',
] as const

/** What a Docker engine of a test's own needs, and the images on it. */
export const ENGINE_PACKAGES = [
  'docker.io',
  'iptables',
  'iproute2',
  'jq',
  'busybox-static',
  'redis-server',
] as const

/** What a control plane without nodes needs. */
export const CONTROL_PLANE_PACKAGES = ['etcd-server', 'openssl'] as const

/** What its build needs. */
export const BUILD_PACKAGES = ['golang-go', 'ca-certificates'] as const

/** What the notebook image needs. */
export const NOTEBOOK_PACKAGES = ['mmdebstrap'] as const

const REASON =
  'A test cluster needs root on Debian or Ubuntu, or a Docker engine that can pull images; ' +
  'or name a cluster of your own in TYCHO_TEST_KUBECONFIG.'

export async function installPackages(packages: readonly string[], report: Report): Promise<void> {
  if (!existsSync('/usr/bin/dpkg-query')) throw new Error(REASON)
  const missing = await findMissing(packages)
  if (missing.length === 0) return
  if (process.getuid?.() !== 0) throw new Error(`${REASON} Missing packages: ${missing.join(' ')}.`)
  report(`installing Debian packages: ${missing.join(' ')}`)
  const env = { DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update', '-qq'], { env })
  await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { env })
  await silenceServices(missing)
}

export function requireRoot(): void {
  if (process.getuid?.() !== 0) throw new Error(REASON)
}

/** Some packages start a service of their own, now and at each boot, on the ports that the cluster's part needs. */
const SERVICES: Record<string, string> = { 'etcd-server': 'etcd', 'redis-server': 'redis-server' }

async function silenceServices(installed: string[]): Promise<void> {
  for (const name of installed) {
    const service = SERVICES[name]
    // Where systemd does not run there is nothing to silence.
    if (service) await succeeds('systemctl', ['disable', '--now', service])
  }
}

/** A machine may have its Docker from elsewhere, which the package would push out. */
const PROGRAMS: Record<string, string> = { 'docker.io': 'dockerd' }

async function findMissing(packages: readonly string[]): Promise<string[]> {
  // It fails where one of the packages is unknown, and lists the others all the same.
  const query = 'dpkg-query --show --showformat "$@" 2>/dev/null || true'
  const listed = await run('sh', ['-c', query, 'sh', '${Package} ${Status}\\n', ...packages])
  const lines = listed.split('\n').filter((line) => line.endsWith(' installed'))
  const installed = new Set(lines.map((line) => line.split(' ')[0]))
  const missing = packages.filter((name) => !installed.has(name))
  const needed = missing.map(async (name) => {
    const program = PROGRAMS[name]
    return program && (await succeeds('which', [program])) ? [] : [name]
  })
  return (await Promise.all(needed)).flat()
}
