// Packages of Debian and its children, installed as root; what they would run at every boot stays off.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { findProgram, runStep } from './run.mjs'

const policyFile = '/usr/sbin/policy-rc.d'

/** Debian starts a package's service when it installs it, unless this script says no (Debian Policy, 9.3.3.1). */
const noServices = '#!/bin/sh\nexit 101\n'

const wait = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3']

export function isDebianRoot() {
  if (process.getuid?.() !== 0 || !findProgram('apt-get')) return false
  try {
    return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}

/**
 * Of each need: `missing`, what there is not, as a sentence says it; `packages`; and `services` of them, which are not
 * started: Tycho runs its own, and a second one at every boot is not what anybody asked for.
 */
export async function installPackages(needs) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const missing = needs.map((need) => need.missing).join(', ')
  const packages = needs.flatMap((need) => need.packages)
  const update = ['update', '-qq', ...wait]
  await runStep(`${missing} here: reading the package lists (apt-get update)`, 'apt-get', update, { env })
  const what = `installing the packages ${packages.join(', ')} (no service is started)`
  const install = ['install', '-y', '-qq', '--no-install-recommends', ...wait, ...packages]
  await withoutServices(
    needs.flatMap((need) => need.services),
    () => runStep(what, 'apt-get', install, { env }),
  )
}

async function withoutServices(services, install) {
  const ours = !existsSync(policyFile)
  if (ours) writeFileSync(policyFile, noServices, { mode: 0o755 })
  try {
    await install()
  } finally {
    if (ours) rmSync(policyFile, { force: true })
  }
  // For systemd as for older init systems: not at the next boot either.
  if (!findProgram('update-rc.d')) return
  for (const service of services) {
    await runStep(`switching the service ${service} off`, 'update-rc.d', [service, 'disable'])
  }
}
