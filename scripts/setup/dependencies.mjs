// The npm packages: installed exactly as package-lock.json says, when they are missing or differ from it.
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { delimiter, join, sep } from 'node:path'
import { runStep } from './run.mjs'

/** Whether node_modules holds what package-lock.json names. npm keeps its own record of it in node_modules. */
export function areDependenciesInstalled(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'))
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'))
  if (!wanted || !installed) return false
  return Object.entries(wanted).every(
    // Other paths are the project's own folders.
    ([path, entry]) => !path.startsWith('node_modules/') || isInstalled(root, path, entry, installed[path]),
  )
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return undefined
  }
}

function isInstalled(root, path, wanted, installed) {
  // Packages for other platforms and unwanted peers are in the lock file, but not in the folder.
  if (!installed) return Boolean(wanted.optional || wanted.peer)
  // The package `node` fetches its program in an install script, which npm can be told to leave out.
  if (path === 'node_modules/node' && !existsSync(join(root, path, 'bin'))) return false
  return installed.version === wanted.version && installed.integrity === wanted.integrity
}

const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error']

export async function installDependencies(root) {
  const env = { ...process.env, PATH: pathWithoutModules(root) }
  if (isRecentEnough(process.versions.node)) return ci('npm', { cwd: root, env })
  const tools = join(root, '.tycho', 'tools')
  try {
    await fetchTools(root, tools, env)
    const bin = join(tools, 'node_modules', '.bin')
    await ci(join(bin, 'npm'), { cwd: root, env: { ...env, PATH: `${bin}${delimiter}${env.PATH}` } })
  } finally {
    rmSync(tools, { recursive: true, force: true })
  }
}

/**
 * npm leaves out, in silence, optional packages that don't support the Node it runs on. The native parts of the build
 * tools are such packages, and want at least this one.
 */
function isRecentEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 20 || (major === 20 && minor >= 19)
}

/** The project's Node, and an npm that runs on it: distributions tie theirs to their own Node. */
function fetchTools(root, tools, env) {
  const node = packagesOf(join(root, 'package-lock.json'))?.['node_modules/node']?.version ?? '24'
  const args = [
    'install',
    '--prefix',
    tools,
    '--no-save',
    '--no-package-lock',
    ...quiet,
    `node@${node}`,
    'npm@11',
  ]
  return runStep(`Node ${process.versions.node} is old: fetching a newer one for the set-up`, 'npm', args, {
    env,
  })
}

function ci(npm, options) {
  // Without `--include=dev` an environment made for production leaves out the Node that all scripts run on.
  const args = ['ci', '--include=dev', ...quiet]
  return runStep('installing the dependencies (npm ci, about half a minute)', npm, args, options)
}

/** `npm ci` removes node_modules first: it must not run on the Node that is in there. */
function pathWithoutModules(root) {
  const inside = join(root, 'node_modules') + sep
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !(folder + sep).startsWith(inside))
    .join(delimiter)
}
