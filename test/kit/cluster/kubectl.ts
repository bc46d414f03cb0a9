/** kubectl of the cluster's own version, out of Debian's package but not installed: a machine may have another. */
import { existsSync } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { run } from './command.ts'
import type { Report } from './packages.ts'
import { KUBERNETES_VERSION, type Settings } from './settings.ts'

/** Fetches it once per machine, and answers where it is. */
export async function fetchKubectl({ binaries }: Settings, report: Report): Promise<string> {
  const folder = join(dirname(binaries), `kubectl-${KUBERNETES_VERSION}`)
  const program = join(folder, 'usr/bin/kubectl')
  if (existsSync(program)) return program
  report("getting kubectl from Debian's package")
  const work = await mkdtemp(`${folder}.`)
  try {
    await run('apt-get', ['update', '-qq'])
    await run('apt-get', ['download', '-qq', 'kubernetes-client'], { cwd: work })
    await run('sh', ['-c', 'dpkg-deb -x kubernetes-client_*.deb unpacked'], { cwd: work })
    await rename(join(work, 'unpacked'), folder)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return program
}
