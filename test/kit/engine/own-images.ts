// Tycho's own images, made by its own Dockerfiles on a base of this machine's programs: no registry is needed.
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { run } from '../cluster/command.ts'

export type DockerClient = (args: string[]) => Promise<string>

export const OWN_IMAGES = { tycho: 'tycho:local', redis: 'tycho-redis:local' }

const root = resolve(import.meta.dirname, '../../..')
const base = 'tycho-base:local'

/** What the Dockerfile's own steps call, by the names that busybox is called by. */
const SHELL = ['sh', 'find', 'rm', 'env', 'mkdir', 'cat', 'ls', 'id', 'touch', 'sleep']

/** `redisBase`: an image that has a redis-server and a redis-cli. */
export async function buildOwnImages(docker: DockerClient, redisBase: string): Promise<void> {
  const build = ['build', '--quiet', '--build-arg']
  await docker([...build, `BASE=${redisBase}`, '--tag', OWN_IMAGES.redis, join(root, 'kubernetes/redis')])
  await buildBase(docker)
  const dockerfile = join(root, 'kubernetes/Dockerfile')
  const tycho = [...build, `BASE=${base}`, '--tag', OWN_IMAGES.tycho, '--file', dockerfile, root]
  await docker(tycho).catch(async () => {
    await fetchPackages()
    await buildBase(docker)
    await docker(tycho)
  })
}

/** As `node:24-slim` has them: Node, npm, a shell; and what this machine's npm has fetched, for no network is there. */
async function buildBase(docker: DockerClient): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tycho-base-'))
  try {
    const files = join(folder, 'rootfs')
    await mkdir(join(files, 'tmp'), { recursive: true, mode: 0o1777 })
    await addProgram(files, process.execPath, 'usr/bin/node')
    await addProgram(files, '/bin/busybox', 'bin/busybox')
    for (const name of SHELL) await symlink('/bin/busybox', join(files, 'bin', name))
    await addNpm(files)
    const lines = [
      'FROM scratch',
      'COPY rootfs /',
      'ENV PATH=/usr/bin:/bin npm_config_cache=/npm-cache npm_config_offline=true',
    ]
    await writeFile(join(folder, 'Dockerfile'), `${lines.join('\n')}\n`)
    await docker(['build', '--quiet', '--tag', base, folder])
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function addNpm(files: string): Promise<void> {
  const program = (await run('sh', ['-c', 'command -v npm'])).trim()
  const npm = resolve(await realpath(program), '../..')
  await copy(npm, join(files, 'usr/lib/npm'))
  const script = '#!/bin/sh\nexec node /usr/lib/npm/bin/npm-cli.js "$@"\n'
  await writeFile(join(files, 'usr/bin/npm'), script, { mode: 0o755 })
  const cache = (await run('npm', ['config', 'get', 'cache'])).trim()
  await copy(join(cache, '_cacache'), join(files, 'npm-cache/_cacache'))
}

/** Of this machine's cache, which a set-up from another one leaves incomplete. */
async function fetchPackages(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tycho-packages-'))
  try {
    for (const name of ['package.json', 'package-lock.json']) await cp(join(root, name), join(folder, name))
    await run('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--prefer-offline'], {
      cwd: folder,
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function addProgram(files: string, from: string, to: string): Promise<void> {
  await copy(from, join(files, to))
  const listed = await run('ldd', [from]).catch(() => '')
  for (const line of listed.split('\n')) {
    const library = /(?<path>\/\S+) \(0x/.exec(line)?.groups?.path
    if (library) await copy(library, join(files, library))
  }
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await cp(await realpath(from), to, { recursive: true })
}
