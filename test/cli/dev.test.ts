// `tycho dev`, which `npm start` runs: a Redis of its own, the API and a worker.
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { describe, expect, it } from 'vitest'
import { hello } from '../api/kit.ts'
import { freePort } from '../kit/redis.ts'
import { waitFor } from '../kit/wait.ts'
import { runCli, spawnCli, temporaryFolder } from './kit.ts'

type Dev = AsyncDisposable & {
  url: string
  folder: string
  env: Record<string, string>
  child: ChildProcess
  /** Everything that it has said so far. */
  said(): string
  stop(signal: NodeJS.Signals): Promise<number | null>
}

/** Starts it in a folder where no cluster can be found, and waits until it answers. */
async function startDev(folder: string, more: Record<string, string> = {}): Promise<Dev> {
  const port = await freePort()
  const env = { TYCHO_PORT: `${port}`, TYCHO_DATA_DIR: join(folder, 'data'), ...more }
  const child = spawnCli(['dev'], { folder, env })
  let words = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (words += String(chunk)))
  const exited = once(child, 'exit')
  const stop = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await exited
    return child.exitCode
  }
  await waitFor('the service', () => words.includes('Tycho is running at') || child.exitCode !== null)
  return {
    url: `http://127.0.0.1:${port}`,
    folder,
    env,
    child,
    said: () => words,
    stop,
    async [Symbol.asyncDispose]() {
      await stop('SIGTERM')
    },
  }
}

/** The Redis that it runs. */
function connectTo(dev: Dev): Redis {
  const url = readFileSync(join(dev.folder, 'data', 'redis', 'running'), 'utf8').trim()
  const redis = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null })
  redis.on('error', () => {})
  return redis
}

async function redisProcess(redis: Redis): Promise<number> {
  return Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1])
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const up = (dev: Dev, name: string) =>
  runCli(['up', '-f', '-', '-n', name, '--no-wait'], { input: hello, env: { TYCHO_URL: dev.url } })

const names = async (dev: Dev) => {
  const { stdout } = await runCli(['status', '--terse'], { env: { TYCHO_URL: dev.url } })
  return stdout.split('\n').map((line) => line.split('\t')[0])
}

describe('tycho dev', () => {
  it('says where it is, who may call it, and how to get a cluster', async () => {
    using folder = temporaryFolder()
    await using dev = await startDev(folder.path)
    expect(dev.said()).toContain(`Tycho is running at ${dev.url}`)
    expect(dev.said()).toContain(`${dev.url}/apidocs/`)
    expect(dev.said()).toContain('Everybody on this machine can call it without a token, as tenant "local".')
    await waitFor('the sentence', () => dev.said().includes('No cluster answers yet, and no Docker'))
    expect(dev.said()).toContain('install Docker')
    expect(dev.said()).toContain('npm run cluster up')
    expect((await fetch(`${dev.url}/readyz`)).status).toBe(200)
  })

  it('closes everything at Ctrl-C', async () => {
    using folder = temporaryFolder()
    await using dev = await startDev(folder.path)
    const redis = connectTo(dev)
    const pid = await redisProcess(redis)
    redis.disconnect()
    // As under npm, where one Ctrl-C comes from the terminal and from npm.
    dev.child.kill('SIGINT')
    expect(await dev.stop('SIGINT')).toBe(0)
    expect(isAlive(pid)).toBe(false)
    expect(readdirSync(join(folder.path, 'data', 'redis'))).not.toContain('running')
  })

  it('starts its Redis again when that dies, and loses nothing', async () => {
    using folder = temporaryFolder()
    await using dev = await startDev(folder.path)
    expect(await up(dev, 'kept')).toMatchObject({ code: 0 })
    const redis = connectTo(dev)
    const first = await redisProcess(redis)
    process.kill(first, 'SIGKILL')
    await waitFor('another process', async () => (await redisProcess(redis)) !== first)
    redis.disconnect()
    await waitFor('readiness', async () => (await fetch(`${dev.url}/readyz`)).status === 200)
    expect(await names(dev)).toContain('kept')
    expect(dev.said()).toContain('the Redis server has ended by itself')
  })

  it('takes over from one that was killed', async () => {
    using folder = temporaryFolder()
    await using killed = await startDev(folder.path)
    expect(await up(killed, 'kept')).toMatchObject({ code: 0 })
    const redis = connectTo(killed)
    const orphan = await redisProcess(redis)
    redis.disconnect()
    await killed.stop('SIGKILL')
    expect(isAlive(orphan)).toBe(true)
    await using dev = await startDev(folder.path)
    await waitFor('the end of the orphan', () => !isAlive(orphan))
    expect(await names(dev)).toContain('kept')
  })

  it('refuses to run twice on the same data', async () => {
    using folder = temporaryFolder()
    await using dev = await startDev(folder.path)
    const second = await runCli(['dev'], { env: { ...dev.env, TYCHO_PORT: '0' } })
    expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('Tycho runs already') })
    expect((await fetch(`${dev.url}/healthz`)).status).toBe(200)
  })

  it('says in a sentence that the port is taken', async () => {
    using folder = temporaryFolder()
    const port = await freePort()
    const holder = createServer().listen(port, '127.0.0.1')
    await once(holder, 'listening')
    const ended = await runCli(['dev'], {
      folder: folder.path,
      env: { TYCHO_PORT: `${port}`, TYCHO_DATA_DIR: folder.path },
    })
    holder.close()
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('set TYCHO_PORT') })
  })

  it('lets nobody in without a token where others can reach it', async () => {
    using folder = temporaryFolder()
    await using dev = await startDev(folder.path, { TYCHO_HOST: '0.0.0.0' })
    expect(dev.said()).toContain('Calls without a token are answered 401')
    expect((await fetch(`${dev.url}/v1/systems`)).status).toBe(401)
  })
})
