// Runs a Lua script by its hash, sending its text only when the server does not know it.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Redis } from 'ioredis'

export type Script = { sha: string; source: string }

/** Reads a script of `scripts/`. */
export function readScript(name: string): Script {
  const source = readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8')
  return { sha: createHash('sha1').update(source).digest('hex'), source }
}

export async function runScript(
  redis: Redis,
  script: Script,
  keys: string[],
  args: string[],
): Promise<unknown> {
  try {
    return await redis.evalsha(script.sha, keys.length, ...keys, ...args)
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
    return redis.eval(script.source, keys.length, ...keys, ...args)
  }
}
