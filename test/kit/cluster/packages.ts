/** Installs Debian packages that are missing, saying so. */
import { existsSync } from 'node:fs'
import { run } from './command.ts'

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
}

export function requireRoot(): void {
  if (process.getuid?.() !== 0) throw new Error(REASON)
}

async function findMissing(packages: readonly string[]): Promise<string[]> {
  // It fails where one of the packages is unknown, and lists the others all the same.
  const format = '$' + '{Package} $' + '{Status}\\n'
  const listed = await run('sh', [
    '-c',
    `dpkg-query -W -f '${format}' "$@" 2>/dev/null || true`,
    'sh',
    ...packages,
  ])
  const installed = new Set(
    listed.split('\n').flatMap((line) => (line.endsWith(' installed') ? [line.split(' ')[0]] : [])),
  )
  return packages.filter((name) => !installed.has(name))
}
