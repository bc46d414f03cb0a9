// Finds Docker's own Compose, whose `config` needs no daemon: the oracle for what a Compose file means. Optional.
import { execFileSync } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** `command` and its first arguments; `version` as it calls itself (`2.26.1-4`). */
export type Oracle = { command: string; args: readonly string[]; version: string }

/** Where `fetch-oracle.ts` puts what it fetches: a cache of the user's, outside of any clone. */
export function oracleFolder(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tycho', 'compose-oracle')
}

/** The fetched one, else what is installed; null where there is none of version 2 or later. */
export function findOracle(): Oracle | null {
  const candidates = [
    { command: join(oracleFolder(), 'docker-compose'), args: [] },
    { command: 'docker', args: ['compose'] },
    { command: 'docker-compose', args: [] },
  ]
  for (const { command, args } of candidates) {
    const version = versionOf(command, args)
    if (version !== null) return { command, args, version }
  }
  return null
}

function versionOf(command: string, args: readonly string[]): string | null {
  try {
    const answer = execFileSync(command, [...args, 'version', '--short'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: 20_000,
    })
    const version = answer.trim().replace(/^v/, '')
    return /^([2-9]|\d\d)\./.test(version) ? version : null
  } catch {
    return null
  }
}
