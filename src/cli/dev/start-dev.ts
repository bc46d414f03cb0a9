// What runs systems, Redis, API and worker for one person's machine, opened in this order and closed in reverse; and a
// first system.
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import type { Context } from '../context.ts'
import { openApi } from '../open-api.ts'
import { runDemo } from './demo.ts'
import { startDocker } from './docker-child.ts'
import { holdFolder } from './folder-lock.ts'
import { startRedis } from './redis-child.ts'
import { readReadiness, sayPlace, sayWelcome } from './welcome.ts'

/** The tenant of calls without a token, as long as only this machine can call. */
const localTenant = 'local'

export type DevOptions = { demo: boolean }

/** Throws StartError where something is in the way that its user can remove. */
export async function startDev(context: Context, options: DevOptions): Promise<AsyncDisposable> {
  const { createLog, output } = context
  await using opening = new AsyncDisposableStack()
  const redisUrl = await redisUrlFor(context, opening)
  opening.use(await startDocker(context.config, output))
  const config = withTenant({ ...context.config, redisUrl })
  const { startWorker } = await import('../../../workers/main.ts')
  const api = opening.use(await openApi(config, createLog('api')))
  opening.use(await startWorker(config, createLog('worker'), api.telemetry))
  sayWelcome({ url: api.url, config }, output)
  opening.use(goOn(api.url, { config, options, output }))
  return opening.move()
}

type Running = { config: Config; options: DevOptions; output: Context['output'] }

/** Says on what systems run, and starts the first one, while the service answers already. */
function goOn(url: string, { config, options, output }: Running): AsyncDisposable {
  const closing = new AbortController()
  const first = async (): Promise<AsyncDisposable | null> => {
    const state = await readReadiness(url, closing.signal)
    if (!state) return null
    sayPlace(state, output)
    const isOurs = state.orchestrator === 'docker' && state.cluster === 'reachable'
    // Whoever can reach it from outside decides what runs on it.
    if (!options.demo || !isOurs || config.anonymousTenant === null) return null
    const isLocal = config.engine.address.host === null || config.engine.address.host.startsWith('unix:')
    return await runDemo({ url, isLocal, output, closing: closing.signal })
  }
  const started = first()
  started.catch((error) => output.note(`The first system: ${error}`))
  return {
    async [Symbol.asyncDispose]() {
      closing.abort()
      await (await started.catch(() => null))?.[Symbol.asyncDispose]()
    },
  }
}

async function redisUrlFor({ config, createLog }: Context, opening: AsyncDisposableStack): Promise<string> {
  if (config.redisUrl !== null) return config.redisUrl
  const folder = join(config.dataDir, 'redis')
  opening.use(holdFolder(folder))
  return opening.use(await startRedis(folder, createLog('redis'))).url
}

/** Whoever can reach another address than loopback has to show a token: nobody has one by default. */
function withTenant(config: Config): Config {
  if (config.anonymousTenant !== null || !isLoopback(config.host)) return config
  return { ...config, anonymousTenant: localTenant }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
