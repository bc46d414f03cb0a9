// P8: a secret value shows in no log, answer, list, record or task.
import type { Redis } from 'ioredis'
import { readKey } from '../kit/redis-key.ts'
import type { Evidence } from './audit.ts'
import { canary } from './templates.ts'

const lists = ['/v1/systems', '/v1/jobs', '/readyz', '/metrics']

export async function findSecrets({ tycho, ledger, redis }: Evidence): Promise<string[]> {
  const logs = [tycho.api, ...tycho.workers].flatMap(({ lines }) => lines).filter(holdsCanary)
  const answers = await Promise.all(lists.map(async (path) => ({ path, text: await read(tycho.url + path) })))
  return [
    ...logs.map((line) => `P8: the log says ${JSON.stringify(line)}`),
    ...ledger.leaks.map((path) => `P8: the answer to ${path} has it`),
    ...answers.filter(({ text }) => holdsCanary(text)).map(({ path }) => `P8: ${path} has it`),
    ...(await findInRedis(redis)).map((key) => `P8: the key ${key} has it`),
  ]
}

const holdsCanary = (value: unknown) => JSON.stringify(value).includes(canary)

async function read(url: string): Promise<string> {
  return (await fetch(url, { signal: AbortSignal.timeout(30_000) })).text()
}

/** All but the contents (specs and manifests), which are where a secret value has to be. */
async function findInRedis(redis: Redis): Promise<string[]> {
  const found: string[] = []
  for await (const keys of redis.scanStream({ count: 1000 }) as AsyncIterable<string[]>) {
    for (const key of keys) {
      if (!key.includes(':content:') && holdsCanary(await readKey(redis, key))) found.push(key)
    }
  }
  return found
}
