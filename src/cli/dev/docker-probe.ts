// Whether a Docker engine answers at a socket of this machine, and one that an earlier `tycho dev` left behind.
import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

const patienceMs = 3_000
const pauseMs = 50

/** By `GET /_ping` (Docker Engine API). */
export function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: '/_ping', timeout: patienceMs }, (answer) => {
      answer.resume()
      resolve(answer.statusCode === 200)
    })
    asked.once('timeout', () => asked.destroy())
    asked.once('error', () => resolve(false))
    asked.end()
  })
}

/** Waits until it answers; false when `dead` aborts before. */
export async function answersAtLast(socketPath: string, dead: AbortSignal): Promise<boolean> {
  while (!dead.aborted) {
    if (await answers(socketPath)) return true
    await delay(pauseMs, undefined, { signal: dead }).catch(() => {})
  }
  return false
}

/** The process that a `tycho dev` with this pid file started and did not end, for it was killed; null where there is none. */
export function findForgotten(pidFile: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10)
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    return words.includes(pidFile) ? pid : null
  } catch {
    return null
  }
}

/** Waits until a process is gone that need not be a child of this one. */
export async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await delay(pauseMs)
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
