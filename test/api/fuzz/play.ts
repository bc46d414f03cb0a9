// One run of actions against one API on one Redis of its own, and what must hold after each of them and at the end.
import { contractOf, mustHold } from '../../kit/contract/contract.ts'
import type { Document } from '../../kit/contract/document.ts'
import { type TestApi, testApi } from '../kit.ts'
import { type Action, endJob } from './actions.ts'
import { findInconsistencies } from './consistency.ts'
import { createKnown } from './known.ts'
import { createClient, type Outcome } from './send-raw.ts'
import type { Wish } from './wishes.ts'

/** How often each operation was answered with which status, over all runs. */
export type Tally = Map<string, Map<number, number>>

export type Play = { redis: { url: string; prefix: string }; tally: Tally }

/** Throws at the first answer that should not be, and when the store is not consistent at the end. */
export async function play(actions: readonly Action[], { redis, tally }: Play): Promise<void> {
  await using api = await testApi({ redis, legacyWaitMs: 20 })
  const url = await api.app.listen({ host: '127.0.0.1', port: 0 })
  const contract = contractOf(api.app.swagger() as unknown as Document)
  const known = createKnown()
  using client = createClient(url)

  const send = async (wish: Wish): Promise<Outcome> => {
    const answer = await client.send(wish, known.urlOf(wish))
    if (!answer) return null
    count(tally, wish, answer.status)
    if (answer.body.includes('INTERNAL_ERROR'))
      throw new Error(`500: ${answer.body}; the log: ${JSON.stringify(errorsOf(api))}`)
    mustHold(contract, answer)
    if (answer.status < 300) known.learn(wish, jsonOf(answer.body))
    return answer
  }

  // Requests that were given up while they waited: their jobs may come later.
  let outstanding = 0
  const request = async (wishes: readonly Wish[]): Promise<void> => {
    const before = api.enqueued.length
    const outcomes = await Promise.all(wishes.map(send))
    const accepted = outcomes.filter((one) => one === null || one.status < 400 || one.status === 504).length
    const more = api.enqueued.length - before
    if (more > accepted + outstanding) throw new Error('a refused request has enqueued a job')
    outstanding = Math.max(0, outstanding - Math.max(0, more - accepted))
    outstanding += outcomes.filter((one) => one === null).length
  }

  for (const action of actions) {
    try {
      if (action.kind === 'end') await endJob(api, action.pick, action.how)
      else await request(action.kind === 'request' ? [action.wish] : action.wishes)
    } catch (error) {
      throw new Error(`${told(action)}\n${error instanceof Error ? error.message : error}`, { cause: error })
    }
  }
  const faults = await findInconsistencies(api, url)
  if (faults.length > 0) throw new Error(`the store is not consistent: ${faults.join('; ')}`)
}

function count(tally: Tally, { method, template }: Wish, status: number): void {
  const key = `${method} ${template}`
  const row = tally.get(key) ?? new Map<number, number>()
  tally.set(key, row.set(status, (row.get(status) ?? 0) + 1))
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

function errorsOf({ lines }: TestApi): unknown[] {
  return lines.filter(({ level }) => Number(level) >= 50).slice(-2)
}

/** An action as it is printed. */
export function told(action: Action): string {
  return JSON.stringify(action, (_key, value) =>
    value?.type === 'Buffer' ? Buffer.from(value.data).toString().slice(0, 2000) : value,
  )
}
