// The npm packages: installed exactly as package-lock.json says, when they are missing or differ from it.
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, join, sep } from 'node:path'
import { runStep } from './run.mjs'

/** Whether node_modules holds what package-lock.json names. npm keeps its own record of it in node_modules. */
export function areDependenciesInstalled(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'))
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'))
  if (!wanted || !installed) return false
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || isInstalled(root, path, entry, installed[path]),
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

export function installDependencies(root) {
  // Without `--include=dev` an environment made for production leaves out the Node that all scripts run on.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error']
  return runStep('installing the dependencies (npm ci, about half a minute)', 'npm', args, {
    cwd: root,
    env: { ...process.env, PATH: pathWithoutModules(root) },
  })
}

/** `npm ci` removes node_modules first: it must not run on the Node that is in there. */
function pathWithoutModules(root) {
  const inside = join(root, 'node_modules') + sep
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !(folder + sep).startsWith(inside))
    .join(delimiter)
}
