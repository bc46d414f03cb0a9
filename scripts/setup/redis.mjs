// A Redis server: one that is given, one that is there, or on Debian and its children one that is installed.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { findProgram, runStep, SetupError } from './run.mjs'

const policyFile = '/usr/sbin/policy-rc.d'

/** Debian starts a package's service when it installs it, unless this script says no (Debian Policy, 9.3.3.1). */
const noServices = '#!/bin/sh\nexit 101\n'

export function hasRedis() {
  return Boolean(process.env.TYCHO_REDIS_URL || findProgram('redis-server') || findProgram('valkey-server'))
}

export async function installRedis() {
  if (!isDebianRoot()) throw new SetupError(howToGetRedis)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const wait = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3']
  await runStep(
    'no Redis server here: reading the package lists (apt-get update)',
    'apt-get',
    ['update', '-qq', ...wait],
    { env },
  )
  await withoutServices(() =>
    runStep(
      'installing the package redis-server (its service is not started)',
      'apt-get',
      ['install', '-y', '-qq', '--no-install-recommends', ...wait, 'redis-server'],
      { env },
    ),
  )
  if (!hasRedis()) throw new SetupError('tycho: redis-server was installed, but is not on the path')
}

const howToGetRedis =
  'tycho: there is no Redis server here. Install redis-server or valkey-server with your package manager ' +
  '(such as "sudo apt-get install redis-server" or "brew install redis"), or run "docker compose up -d" and set ' +
  'TYCHO_REDIS_URL=redis://127.0.0.1:6379.'

function isDebianRoot() {
  if (process.getuid?.() !== 0 || !findProgram('apt-get')) return false
  try {
    return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}

/** Tycho runs its own Redis; a second one on the well-known port, at every boot, is not what anybody asked for. */
async function withoutServices(install) {
  const ours = !existsSync(policyFile)
  if (ours) writeFileSync(policyFile, noServices, { mode: 0o755 })
  try {
    await install()
  } finally {
    if (ours) rmSync(policyFile, { force: true })
  }
  // For systemd as for older init systems: not at the next boot either.
  if (findProgram('update-rc.d')) {
    await runStep('switching the redis-server service off', 'update-rc.d', ['redis-server', 'disable'])
  }
}
