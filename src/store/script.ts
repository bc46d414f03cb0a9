// Runs a Lua script by its hash, sending its text only when the server does not know it.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Command, type Redis } from 'ioredis'

export type Script = { sha: string; source: string }

/** Reads a script of `scripts/`. */
export function readScript(name: string): Script {
  const source = readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8')
  return { sha: createHash('sha1').update(source).digest('hex'), source }
}

/**
 * `isAlone`: its caller has gathered already what goes together, so that it is sent by itself: gathering it once more
 * with the other commands of this turn of the event loop costs more than a poll.
 */
export async function runScript(
  redis: Redis,
  script: Script,
  keys: string[],
  args: string[],
  { isAlone = false } = {},
): Promise<unknown> {
  const all = [keys.length, ...keys, ...args] as const
  try {
    return await (isAlone ? sendAlone(redis, [script.sha, ...all]) : redis.evalsha(script.sha, ...all))
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
    return redis.eval(script.source, ...all)
  }
}

function sendAlone(redis: Redis, args: readonly (string | number)[]): Promise<unknown> {
  return redis.sendCommand(new Command('evalsha', [...args], { replyEncoding: 'utf8' })) as Promise<unknown>
}
