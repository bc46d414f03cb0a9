// Sends what the OpenAPI document describes, and what it does not quite, by the thousand; shrinks what goes wrong.
import { randomUUID } from 'node:crypto'
import * as fc from 'fast-check'
import { Redis } from 'ioredis'
import type { Document } from '../../kit/contract/document.ts'
import { forgetAll, startRedis } from '../../kit/redis.ts'
import { testApi } from '../kit.ts'
import { type Action, actionsOf } from './actions.ts'
import { play, type Tally, told } from './play.ts'
import { shrink } from './shrink.ts'
import { wishesOf } from './wishes.ts'

export type ApiFuzzResult = { requests: number; tally: Tally; grownBytes: number }

export type ApiFuzzOptions = { requests: number; seed: number }

/** Actions of one run: states build up in it, and it must be short enough to be made smaller. */
const actionsOfRun = 100

/** Each run is made from a seed of its own (`seed` + its number), which the error names. */
export async function fuzzApi({ requests, seed }: ApiFuzzOptions): Promise<ApiFuzzResult> {
  await using stack = new AsyncDisposableStack()
  const server = stack.use(await startRedis())
  const redis = new Redis(server.url)
  stack.defer(() => redis.disconnect())
  const tally: Tally = new Map()
  const actions = actionsOf(wishesOf(await readDocument(server.url)))
  const size = { minLength: actionsOfRun, maxLength: actionsOfRun }
  const memory = createMemoryWatch()
  for (let run = 0; countAll(tally) < requests; run += 1) {
    const [list = []] = fc.sample(fc.array(actions, size), { seed: seed + run, numRuns: 1 })
    const attempt = async (some: readonly Action[]) => {
      const prefix = `{fuzz-${randomUUID().slice(0, 8)}}`
      try {
        await play(some, { redis: { url: server.url, prefix }, tally })
        return null
      } catch (error) {
        return error
      } finally {
        await forgetAll({ redis, prefix })
      }
    }
    const fault = await attempt(list)
    if (fault !== null) throw await report(list, fault, seed + run, attempt)
    memory.look()
  }
  return { requests: countAll(tally), tally, grownBytes: memory.grownBytes() }
}

/** Of a run that could not be made smaller the last ones are printed. */
const mostSteps = 20

type Attempt = (some: readonly Action[]) => Promise<unknown>

async function report(
  list: readonly Action[],
  fault: unknown,
  seed: number,
  attempt: Attempt,
): Promise<Error> {
  const least = await shrink(list, attempt)
  const message = fault instanceof Error ? fault.message : String(fault)
  const how = `seed ${seed} (FUZZ_SEED=${seed} FUZZ_REQUESTS=1)`
  const steps = least.slice(-mostSteps).map((action) => `  ${told(action)}`)
  return new Error(
    `${how}: ${message}\nThe least that fails (${least.length} of ${list.length}):\n${steps.join('\n')}`,
    {
      cause: fault,
    },
  )
}

async function readDocument(url: string): Promise<Document> {
  await using api = await testApi({ redis: { url, prefix: `{fuzz-${randomUUID().slice(0, 8)}}` } })
  return api.app.swagger() as unknown as Document
}

function countAll(tally: Tally): number {
  const rows = [...tally.values()].flatMap((row) => [...row.values()])
  return rows.reduce((sum, count) => sum + count, 0)
}

/** How much more memory is in use at the end than when all was warm; exact where there is a `gc`. */
function createMemoryWatch() {
  const warmAfter = 10
  let looks = 0
  let warmBytes = 0
  const used = () => {
    globalThis.gc?.()
    return process.memoryUsage().heapUsed
  }
  return {
    look: () => {
      looks += 1
      if (looks === warmAfter) warmBytes = used()
    },
    grownBytes: () => (warmBytes === 0 ? 0 : used() - warmBytes),
  }
}
