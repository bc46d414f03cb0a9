// Brings a fresh machine to where `npm start` and `npm test` work: dependencies, a Redis server, and for `npm start`
// (`--start`) something to run systems on.
// Plain JavaScript for any Node from 18 on, because it runs before the project's own Node is installed.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { areDependenciesInstalled, installDependencies } from './setup/dependencies.mjs'
import { hasPlace, installDocker } from './setup/docker.mjs'
import { holdLock } from './setup/lock.mjs'
import { hasRedis, installRedis } from './setup/redis.mjs'
import { SetupError } from './setup/run.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

const needsPlace = process.argv.includes('--start')

async function setUp() {
  if (areDependenciesInstalled(root) && hasRedis() && (!needsPlace || hasPlace(root))) return
  const release = await holdLock(join(root, '.tycho', 'setup.lock'))
  try {
    // Asked again: another set-up may have done it while this one waited for the lock.
    if (!areDependenciesInstalled(root)) await installDependencies(root)
    if (!hasRedis()) await installRedis()
    if (needsPlace && !hasPlace(root)) await installDocker().catch(goOn)
  } finally {
    release()
  }
}

/** The service runs without anything to run systems on, too: it says so, and they wait. */
function goOn(error) {
  if (!(error instanceof SetupError)) throw error
  console.error(error.message)
}

try {
  await setUp()
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
