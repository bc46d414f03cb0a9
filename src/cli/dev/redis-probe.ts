// Asks whether a Redis server answers, and ends one that an earlier `tycho dev` left behind.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Redis } from 'ioredis'

const pauseMs = 25

/** Waits until the server answers a PING; false when `dead` aborts before. */
export async function isAnswering(url: string, dead: AbortSignal): Promise<boolean> {
  while (!dead.aborted) {
    if (await answersNow(url)) return true
    await delay(pauseMs, undefined, { signal: dead }).catch(() => {})
  }
  return false
}

/** `LOADING` and refused connections mean: not yet. */
async function answersNow(url: string): Promise<boolean> {
  const redis = connect(url)
  try {
    return (await redis.ping()) === 'PONG'
  } catch {
    return false
  } finally {
    redis.disconnect()
  }
}

function connect(url: string): Redis {
  const redis = new Redis(url, { retryStrategy: () => null, maxRetriesPerRequest: 0, connectTimeout: 2_000 })
  redis.on('error', () => {})
  return redis
}

/** Notes where the server is, so that it is found again if this process is killed. */
export function rememberRunning(folder: string, url: string): void {
  writeFileSync(runningFile(folder), `${url}\n`, { mode: 0o600 })
}

/** The server was ended in order: there is nothing to look for. */
export function forgetRunning(folder: string): void {
  rmSync(runningFile(folder), { force: true })
}

/** Ends the server of a `tycho dev` that was killed. The noted password makes sure that it is that one. */
export async function endForgotten(folder: string): Promise<void> {
  const url = readRunning(folder)
  if (url === null) return
  if (await answersNow(url)) {
    const redis = connect(url)
    // The connection breaks where an answer would come.
    await redis.shutdown('NOSAVE').catch(() => {})
    redis.disconnect()
    while (await answersNow(url)) await delay(pauseMs)
  }
  forgetRunning(folder)
}

function readRunning(folder: string): string | null {
  try {
    return readFileSync(runningFile(folder), 'utf8').trim() || null
  } catch {
    return null
  }
}

function runningFile(folder: string): string {
  return join(folder, 'running')
}
