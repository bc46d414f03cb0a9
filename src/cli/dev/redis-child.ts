// A Redis (or Valkey) server as a child process: its data survive it, and it is started again when it dies.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import type { Log } from '../../log.ts'
import { StartError } from '../exit-codes.ts'
import { endForgotten, forgetRunning, isAnswering, rememberRunning } from './redis-probe.ts'
import { createRedisSettings, type RedisSettings } from './redis-settings.ts'

export type RedisChild = AsyncDisposable & { url: string }

/** From the death of a server to the next, in milliseconds: doubled while they die young, up to a limit. */
const firstPauseMs = 100
const longestPauseMs = 5_000
const youngMs = 30_000

/** How long a server may take to write what it holds, before it is ended the hard way. */
const closeMs = 10_000

/** The folder must be held (folder-lock.ts). Throws StartError where no server can be started. */
export async function startRedis(folder: string, log: Log): Promise<RedisChild> {
  const program = findServer()
  await endForgotten(folder)
  const settings = await createRedisSettings(folder)
  let child = spawnServer(program, settings)
  await answersOrDies(child, settings)
  rememberRunning(folder, settings.url)
  const closing = new AbortController()
  const endAtExit = () => child.kill()
  process.once('exit', endAtExit)
  const kept = keepRunning(
    child,
    () => {
      child = spawnServer(program, settings)
      return child
    },
    { settings, log, signal: closing.signal },
  )
  return {
    url: settings.url,
    async [Symbol.asyncDispose]() {
      closing.abort()
      await endServer(child)
      await kept
      process.off('exit', endAtExit)
      forgetRunning(folder)
    },
  }
}

function findServer(): string {
  for (const name of ['redis-server', 'valkey-server']) {
    if (spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0) return name
  }
  throw new StartError(
    'There is no redis-server or valkey-server on the path: install one, or run "docker run -d -p 127.0.0.1:6379:6379 redis:7-alpine" and set ' +
      'TYCHO_REDIS_URL=redis://127.0.0.1:6379',
  )
}

/** In a process group of its own: Ctrl-C must not end Redis before those who write to it. */
function spawnServer(program: string, settings: RedisSettings): ChildProcess {
  const child = spawn(program, ['-'], { detached: true, stdio: ['pipe', 'pipe', 'ignore'] })
  child.on('error', () => {})
  // The settings hold a password: they go through a pipe, where no list of processes shows them.
  child.stdin?.on('error', () => {})
  child.stdin?.end(settings.text)
  return child
}

/** Throws StartError with the server's last words when it ends before it answers. */
async function answersOrDies(child: ChildProcess, settings: RedisSettings): Promise<void> {
  let words = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString()).slice(-2_000)
  })
  const dead = new AbortController()
  child.once('close', () => dead.abort())
  if (!(await isAnswering(settings.url, dead.signal))) {
    throw new StartError(`The Redis server ended at its start:\n${words.trim()}`)
  }
}

type Keeping = { settings: RedisSettings; log: Log; signal: AbortSignal }

/** Starts a new server whenever one dies. It reads the same files: what was acknowledged is there again. */
async function keepRunning(
  first: ChildProcess,
  restart: () => ChildProcess,
  keeping: Keeping,
): Promise<void> {
  const { log, signal } = keeping
  let pauseMs = firstPauseMs
  for (let child = first; ; child = restart()) {
    const bornAt = Date.now()
    if (isAlive(child)) await once(child, 'exit')
    if (signal.aborted) return
    const how = child.signalCode ?? child.exitCode
    log.error({ how }, 'the Redis server has ended by itself; starting it again with the same data')
    pauseMs = Date.now() - bornAt < youngMs ? Math.min(pauseMs * 2, longestPauseMs) : firstPauseMs
    await delay(pauseMs, undefined, { signal }).catch(() => {})
    if (signal.aborted) return
  }
}

async function endServer(child: ChildProcess): Promise<void> {
  if (!isAlive(child)) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const patience = setTimeout(() => child.kill('SIGKILL'), closeMs)
  await exited
  clearTimeout(patience)
}

function isAlive(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null && child.pid !== undefined
}
