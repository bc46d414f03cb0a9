// Brings a fresh machine to where `npm start` and `npm test` work: dependencies, and a Redis server.
// Plain JavaScript for any Node from 18 on, because it runs before the project's own Node is installed.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { areDependenciesInstalled, installDependencies } from './setup/dependencies.mjs'
import { holdLock } from './setup/lock.mjs'
import { hasRedis, installRedis } from './setup/redis.mjs'
import { SetupError } from './setup/run.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

async function setUp() {
  if (areDependenciesInstalled(root) && hasRedis()) return
  const release = await holdLock(join(root, '.tycho', 'setup.lock'))
  try {
    // Asked again: another set-up may have done it while this one waited for the lock.
    if (!areDependenciesInstalled(root)) await installDependencies(root)
    if (!hasRedis()) await installRedis()
  } finally {
    release()
  }
}

try {
  await setUp()
} catch (error) {
  if (!(error instanceof SetupError)) throw error
  console.error(error.message)
  process.exitCode = 1
}
