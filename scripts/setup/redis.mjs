// A Redis server: one that is given, one that is there, or on Debian and its children one that is installed.
import { isDebianRoot } from './debian.mjs'
import { findProgram, SetupError } from './run.mjs'

export function hasRedis() {
  return Boolean(process.env.TYCHO_REDIS_URL || findProgram('redis-server') || findProgram('valkey-server'))
}

/** Throws SetupError where it can't be installed here. */
export function redisNeed() {
  if (!isDebianRoot()) throw new SetupError(howToGetRedis)
  return { missing: 'no Redis server', packages: ['redis-server'], services: ['redis-server'] }
}

const howToGetRedis =
  'tycho: there is no Redis server here. Install redis-server or valkey-server with your package manager ' +
  '(such as "sudo apt-get install redis-server" or "brew install redis"), or run "docker run -d -p 127.0.0.1:6379:6379 redis:7-alpine" and set ' +
  'TYCHO_REDIS_URL=redis://127.0.0.1:6379.'
