// A worker between two proxies: everything that it does to the outside for one job, named in its order; and its death
// just before such an effect or just after it. The product knows nothing of it.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type ApiProxy, startApiProxy } from '../kit/api-proxy.ts'
import { testCluster } from '../kit/cluster/cluster.ts'
import { type RedisProxy, startRedisProxy } from '../kit/redis-proxy.ts'
import type { Tycho, TychoProcess } from '../kit/tycho.ts'

export type CrashPoint = { effect: string; when: 'before' | 'after' }

export type WatchedWorker = AsyncDisposable & {
  worker: TychoProcess
  /** What it has done for the job, each with its number: `POST deployments 1`. */
  effects: string[]
  /** Whether it has died at the crash point. */
  hasDied(): boolean
}

/** Starts a worker that dies at the crash point; without one it lives. */
export async function startWatchedWorker(
  tycho: Tycho,
  job: string,
  point?: CrashPoint,
): Promise<WatchedWorker> {
  await using opening = new AsyncDisposableStack()
  const api = opening.use(await startApiProxy(testCluster().kubeconfig))
  const redis = opening.use(await startRedisProxy(tycho.redis.port))
  const worker = tycho.startWorker({ KUBECONFIG: api.kubeconfig, TYCHO_REDIS_URL: redis.url })
  opening.defer(() => worker.kill())
  const effects: string[] = []
  let dead = false
  const die = () => {
    dead = true
    void worker.kill()
  }
  const happens = (name: string): 'before' | 'after' | undefined => {
    const number = effects.filter((effect) => effect.startsWith(`${name} `)).length + 1
    const effect = `${name} ${number}`
    effects.push(effect)
    return !dead && effect === point?.effect ? point.when : undefined
  }
  watchApi(api, happens, die)
  watchRedis(redis, job, happens, die)
  const opened = opening.move()
  return { worker, effects, hasDied: () => dead, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

type Happens = (name: string) => 'before' | 'after' | undefined

function watchApi(proxy: ApiProxy, happens: Happens, die: () => void): void {
  proxy.intervene = ({ method, path }) => {
    if (method === 'GET') return undefined
    const when = happens(`${method} ${kindOf(path)}`)
    if (when === 'after') return { kind: 'lose', onAnswer: die }
    if (when === 'before') die()
    return when && { kind: 'reset' }
  }
}

/** `/apis/apps/v1/namespaces/x/deployments/y?…` is about deployments. */
function kindOf(path: string): string {
  return /\/namespaces\/[^/]+\/([^/?]+)/.exec(path)?.[1] ?? path
}

/** What changes nothing, or only for how long it is kept. */
const reads = new Set([
  'PEXPIRE',
  'HGET',
  'HMGET',
  'HGETALL',
  'GET',
  'GETEX',
  'EXISTS',
  'ZSCORE',
  'TYPE',
  'LRANGE',
  'PUBLISH',
])

const hashOf = (script: string | Buffer) => createHash('sha1').update(script).digest('hex')

const commit = hashOf(readFileSync(new URL('../../src/store/scripts/commit.lua', import.meta.url)))

function watchRedis(proxy: RedisProxy, job: string, happens: Happens, die: () => void): void {
  proxy.intervene = (words) => {
    const name = nameOf(words, job)
    const when = name === undefined ? undefined : happens(name)
    return when && { when, act: die }
  }
}

/** Undefined for what only reads, and for what is about something else. */
function nameOf([command = '', ...words]: string[], job: string): string | undefined {
  if (reads.has(command)) return undefined
  const isContent = words[0]?.includes(':content:')
  if (!isContent && !words.some((word) => word.includes(job))) return undefined
  if (isContent) return `${command} content`
  if (!command.startsWith('EVAL')) return command
  const script = command === 'EVAL' ? hashOf(words[0] ?? '') : words[0]
  return script === commit ? 'commit' : `queue script ${script?.slice(0, 6)}`
}
