/**
 * Builds Kubernetes from Debian's source package with Debian's Go, once per machine.
 * It works in `<binaries>.building`, which an interrupted build leaves for the next to go on with, and renames the
 * result when it is whole.
 */
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { run } from './command.ts'
import { BUILD_PACKAGES, installPackages, type Report } from './packages.ts'
import { KUBERNETES_VERSION } from './settings.ts'

const PROGRAMS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubelet', 'kube-proxy']

/** The import path of what Kubernetes keeps under `vendor`. */
const VENDOR = 'k8s.io/kubernetes/vendor/k8s.io'

export async function buildKubernetes(binaries: string, report: Report): Promise<void> {
  if (existsSync(binaries)) return
  await installPackages(BUILD_PACKAGES, report)
  const work = `${binaries}.building`
  const out = join(work, 'bin')
  await mkdir(out, { recursive: true })
  report(`building Kubernetes ${KUBERNETES_VERSION} once, in ${work}: some minutes`)
  const source = await fetchSource(work, report)
  await generateOpenApi(work, source, report)
  for (const [index, program] of PROGRAMS.entries()) {
    report(`building ${program} (${index + 1} of ${PROGRAMS.length})…`)
    const target = ['-o', join(out, program), `k8s.io/kubernetes/cmd/${program}`]
    await go(work, source, ['build', '-trimpath', '-ldflags', linkerFlags(), ...target])
  }
  await mkdir(dirname(binaries), { recursive: true })
  await rename(out, binaries)
  await rm(work, { recursive: true, force: true })
}

/** In GOPATH mode, because its go.mod is too old for the module mode of today's Go; politely, because it is long. */
function go(work: string, source: string, args: string[]): Promise<string> {
  const env = {
    GOPATH: join(work, 'gopath'),
    GOCACHE: join(work, 'go-cache'),
    GO111MODULE: 'off',
    GOTOOLCHAIN: 'local',
    GOFLAGS: '',
    CGO_ENABLED: '0',
  }
  return run('nice', ['go', ...args], { cwd: source, env })
}

/** The programs say their version, on which clients decide what they may ask. */
function linkerFlags(): string {
  const [major, minor] = KUBERNETES_VERSION.split('.')
  const values = {
    gitVersion: `v${KUBERNETES_VERSION}`,
    gitMajor: major,
    gitMinor: minor,
    gitTreeState: 'clean',
  }
  const flags = ['component-base/version', 'client-go/pkg/version'].flatMap((path) =>
    Object.entries(values).map(([name, value]) => `-X ${VENDOR}/${path}.${name}=${value}`),
  )
  return ['-s', '-w', ...flags].join(' ')
}

/** Gets the source package from wherever this machine's apt has its packages, and unpacks it for GOPATH mode. */
async function fetchSource(work: string, report: Report): Promise<string> {
  const source = join(work, 'gopath/src/k8s.io/kubernetes')
  if (existsSync(source)) return source
  report("getting Kubernetes' source package from Debian")
  const options = await sourceLists(work)
  await run('apt-get', [...options, 'update', '-qq'])
  await run('apt-get', [...options, 'source', '--download-only', '-qq', 'kubernetes'], { cwd: work })
  const archives = (await run('find', [work, '-maxdepth', '1', '-name', 'kubernetes_*.orig.tar.*'])).trim()
  if (!archives.includes(KUBERNETES_VERSION)) {
    throw new Error(`this Debian's source package of kubernetes is not ${KUBERNETES_VERSION}: ${archives}`)
  }
  const unpacked = join(work, 'unpacked')
  await rm(unpacked, { recursive: true, force: true })
  await mkdir(unpacked, { recursive: true })
  await run('tar', ['-xf', archives, '-C', unpacked, '--strip-components=1'])
  await mkdir(dirname(source), { recursive: true })
  await rename(unpacked, source)
  return source
}

/** Lists of our own with `deb-src` for each of Debian's `deb`, so that the machine's configuration stays as it is. */
async function sourceLists(work: string): Promise<string[]> {
  const apt = join(work, 'apt')
  const lists = join(apt, 'lists')
  await mkdir(join(lists, 'partial'), { recursive: true })
  const modern = await read('/etc/apt/sources.list.d/debian.sources')
  const classic = await read('/etc/apt/sources.list')
  await writeFile(join(apt, 'modern.sources'), modern.replace(/^Types:.*$/gm, 'Types: deb-src'))
  const lines = classic.split('\n').filter((line) => line.startsWith('deb '))
  await writeFile(
    join(apt, 'classic.list'),
    lines.map((line) => `${line.replace('deb ', 'deb-src ')}\n`).join(''),
  )
  return [
    '-oDir::Etc::sourcelist=/dev/null',
    `-oDir::Etc::sourceparts=${apt}`,
    `-oDir::State::Lists=${lists}`,
  ]
}

const read = (path: string) => readFile(path, 'utf8').catch(() => '')

/** The source package lacks one generated file of the API server; its generator is vendored there. */
async function generateOpenApi(work: string, source: string, report: Report): Promise<void> {
  const name = 'zz_generated.openapi'
  const folder = 'pkg/generated/openapi'
  if (existsSync(join(source, folder, `${name}.go`))) return
  report('generating the OpenAPI definitions of the API server')
  await go(work, source, [
    ...['run', `${VENDOR}/kube-openapi/cmd/openapi-gen`, '--logtostderr'],
    ...['--go-header-file', 'hack/boilerplate/boilerplate.generatego.txt'],
    ...['-O', name, '--output-package', `k8s.io/kubernetes/${folder}`],
    ...['--input-dirs', (await findOpenApiPackages(source)).join(',')],
    ...['-r', join(work, 'violations.txt')],
  ])
}

/** The packages that ask for OpenAPI definitions in a comment, by import path. */
async function findOpenApiPackages(source: string): Promise<string[]> {
  const places = ['pkg', 'staging/src', 'vendor/k8s.io/kube-aggregator']
  const found = await run('grep', ['-rl', '--include=*.go', '-e', '+k8s:openapi-gen=', ...places], {
    cwd: source,
  })
  const folders = found
    .split('\n')
    .filter((path) => path && !path.endsWith('_test.go'))
    .map(dirname)
    .filter((path) => !/\/generated\/|sample|code-generator|testdata/.test(path))
    .map((path) => path.replace(/^staging\/src\//, 'vendor/'))
  return [...new Set(folders)].sort().map((path) => `k8s.io/kubernetes/${path}`)
}
