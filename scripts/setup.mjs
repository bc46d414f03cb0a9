// Brings a fresh machine to where `npm start` and `npm test` work: dependencies, a Redis server, and for `npm start`
// (`--start`) something to run systems on.
// Plain JavaScript for any Node from 18 on, because it runs before the project's own Node is installed.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installPackages } from './setup/debian.mjs'
import { areDependenciesInstalled, installDependencies } from './setup/dependencies.mjs'
import { dockerNeed, hasPlace } from './setup/docker.mjs'
import { holdLock } from './setup/lock.mjs'
import { hasRedis, redisNeed } from './setup/redis.mjs'
import { SetupError } from './setup/run.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

const needsPlace = process.argv.includes('--start')

async function setUp() {
  if (areDependenciesInstalled(root) && hasRedis() && (!needsPlace || hasPlace(root))) return
  const release = await holdLock(join(root, '.tycho', 'setup.lock'))
  try {
    // Asked again: another set-up may have done it while this one waited for the lock.
    const needs = hasRedis() ? [] : [redisNeed()]
    const packages = areDependenciesInstalled(root) ? null : installDependencies(root)
    // Both take their time in waiting for others.
    const ended = await Promise.allSettled([packages, installPrograms(needs)])
    for (const one of ended) if (one.status === 'rejected') throw one.reason
  } finally {
    release()
  }
}

/** Without something to run systems on the service runs, too: it says so, and they wait. Without what it needs it does not. */
async function installPrograms(needs) {
  if (!needsPlace || hasPlace(root)) {
    if (needs.length > 0) await installPackages(needs)
    return
  }
  try {
    await installPackages([...needs, dockerNeed()])
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    console.error(error.message)
    if (needs.length > 0) await installPackages(needs)
  }
}

try {
  await setUp()
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
