/** The test images: made on this machine from Debian's programs, without a registry. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { run } from './command.ts'
import { docker } from './docker.ts'
import { installPackages, NOTEBOOK_PACKAGES, type Report } from './packages.ts'

export type TestImage = {
  tag: string
  /** The folder below `test/kit/images`. */
  folder: string
  /** What it is made on where this machine lacks the programs; it has them under the same paths. */
  base: string
  /** Programs of this machine that go into the image's root with their libraries: path here, paths there. */
  programs: { from: string; to: string[] }[]
}

/** Static, so that it needs nothing else. It is every small program by the name that it is called by. */
const busybox = (...names: string[]) => ({
  from: '/bin/busybox',
  to: ['bin/busybox', ...names.map((name) => `bin/${name}`)],
})

const program = (path: string) => ({ from: path, to: [path.slice(1)] })

const SHELL = ['sh', 'cat', 'date', 'echo', 'env', 'false', 'hostname', 'id', 'ls', 'nc', 'nslookup', 'ping']
const MORE = [
  'printf',
  'sed',
  'sleep',
  'test',
  'touch',
  'true',
  'wget',
  'httpd',
  'kill',
  'ps',
  'grep',
  'mkdir',
]

const SMALL = 'busybox:stable-musl'

export const IMAGES: readonly TestImage[] = [
  { tag: 'local/pause:1', folder: 'pause', base: SMALL, programs: [busybox()] },
  { tag: 'demo/hello:latest', folder: 'hello', base: SMALL, programs: [busybox(...SHELL)] },
  { tag: 'demo/shell:latest', folder: 'shell', base: SMALL, programs: [busybox(...SHELL, ...MORE)] },
  { tag: 'demo/counter:latest', folder: 'counter', base: SMALL, programs: [busybox(...SHELL, ...MORE)] },
  {
    tag: 'demo/redis:latest',
    folder: 'redis',
    base: 'redis:7-alpine',
    programs: [busybox(...SHELL), program('/usr/bin/redis-server'), program('/usr/bin/redis-cli')],
  },
]

export const NOTEBOOK_IMAGE = 'jupyter/datascience-notebook:latest'

const LABEL = 'tycho.test-image'
const folderOf = (name: string) => resolve(import.meta.dirname, '../images', name)

/**
 * Builds the images that the engine lacks, and those of ours whose folder has changed since. `client`: the `docker` client
 * of another engine than this machine's.
 */
export async function buildImages(
  report: Report,
  images: readonly TestImage[] = IMAGES,
  client = docker,
): Promise<void> {
  for (const image of images) {
    const version = await versionOf(image)
    const present = await labelOf(image.tag, client)
    if (present !== undefined && (present === '' || present === version)) continue
    report(`building image ${image.tag}`)
    await inContext(image.folder, async (context) => {
      const base = await fillRoot(image, join(context, 'rootfs'))
      const label = `${LABEL}=${version}`
      await client([
        'build',
        '--quiet',
        '--build-arg',
        `BASE=${base}`,
        '--label',
        label,
        '--tag',
        image.tag,
        context,
      ])
    })
  }
}

/** A real JupyterLab under the name that users of Jupyter's docker-stacks write. About four minutes, once. */
export async function buildNotebook(report: Report): Promise<void> {
  if ((await labelOf(NOTEBOOK_IMAGE)) !== undefined) return
  await installPackages(NOTEBOOK_PACKAGES, report)
  await inContext('notebook', async (context) => {
    report('gathering JupyterLab from Debian packages: some minutes')
    const packages = '--include=jupyterlab,python3-ipykernel,tini'
    const root = join(context, 'rootfs.tar')
    await run('mmdebstrap', ['--variant=apt', packages, '--components=main', 'trixie', root])
    report(`building image ${NOTEBOOK_IMAGE}`)
    await docker(['build', '--quiet', '--tag', NOTEBOOK_IMAGE, context])
  })
}

/** Whether this machine's engine has the image. */
export async function hasImage(tag: string): Promise<boolean> {
  return (await labelOf(tag)) !== undefined
}

/** Our label of an image, empty where it has none; undefined where there is no such image. */
async function labelOf(tag: string, client = docker): Promise<string | undefined> {
  const format = `{{index .Config.Labels "${LABEL}"}}`
  try {
    return (await client(['image', 'inspect', '--format', format, tag])).trim()
  } catch {
    return undefined
  }
}

async function versionOf(image: TestImage): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(image))
  hash.update(await readFile(folderOf('init.sh')))
  const folder = folderOf(image.folder)
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  for (const file of files.sort()) hash.update(await readFile(file))
  return hash.digest('hex').slice(0, 16)
}

async function inContext(folder: string, work: (context: string) => Promise<void>): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), 'tycho-image-'))
  try {
    await cp(folderOf(folder), context, { recursive: true })
    await work(context)
  } finally {
    await rm(context, { recursive: true, force: true })
  }
}

/** Returns the image to build on: none where this machine has the programs. */
async function fillRoot(image: TestImage, root: string): Promise<string> {
  await mkdir(join(root, 'tmp'), { recursive: true, mode: 0o1777 })
  await copy(folderOf('init.sh'), join(root, 'bin/init.sh'))
  if (!image.programs.every(({ from }) => existsSync(from))) return image.base
  for (const { from, to } of image.programs) {
    const [first, ...others] = to
    if (first) await copy(from, join(root, first))
    for (const name of others) await run('ln', ['-s', `/${first}`, join(root, name)])
    for (const library of await listLibraries(from)) await copy(library, join(root, library))
  }
  return 'scratch'
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await cp(await realpath(from), to)
}

/** The libraries and the loader of a program; none where it is static. */
async function listLibraries(program: string): Promise<string[]> {
  const listed = await run('ldd', [program]).catch(() => '')
  return listed.split('\n').flatMap((line) => /(?<path>\/\S+) \(0x/.exec(line)?.groups?.path ?? [])
}
