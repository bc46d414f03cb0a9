// Redis, API and worker for one person's machine, opened in this order and closed in reverse.
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import type { Context } from '../context.ts'
import { openApi } from '../open-api.ts'
import { holdFolder } from './folder-lock.ts'
import { startRedis } from './redis-child.ts'
import { sayCluster, sayWelcome } from './welcome.ts'

/** The tenant of calls without a token, as long as only this machine can call. */
const localTenant = 'local'

/** Throws StartError where something is in the way that its user can remove. */
export async function startDev(context: Context): Promise<AsyncDisposable> {
  const { createLog, output } = context
  await using opening = new AsyncDisposableStack()
  const config = withTenant({ ...context.config, redisUrl: await redisUrlFor(context, opening) })
  const { startWorker } = await import('../../../workers/main.ts')
  const api = opening.use(await openApi(config, createLog('api')))
  opening.use(await startWorker(config, createLog('worker'), api.telemetry))
  sayWelcome({ url: api.url, config }, output)
  const asking = new AbortController()
  opening.defer(() => asking.abort())
  void sayCluster(api.url, output, asking.signal)
  return opening.move()
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
