// One Redis server for the whole run of the tests.
import type { TestProject } from 'vitest/node'
import { startRedis } from './redis.ts'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startRedis()
  project.provide('redisUrl', server.url)
  return async () => server[Symbol.asyncDispose]()
}
