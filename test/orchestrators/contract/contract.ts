// One contract for all orchestrators: the same facts, on Tycho's own processes, wherever systems run.
import { afterAll, beforeAll, describe, it } from 'vitest'
import { startTycho, type Tycho } from '../../kit/tycho.ts'
import type { Place } from './place.ts'
import { createBench, type Scenario } from './scenario.ts'
import { crashes } from './scenarios/crashes.ts'
import { ends } from './scenarios/ends.ts'
import { failures } from './scenarios/failures.ts'
import { files } from './scenarios/files.ts'
import { logs } from './scenarios/logs.ts'
import { order } from './scenarios/order.ts'
import { starts } from './scenarios/starts.ts'
import { updates } from './scenarios/updates.ts'
import { verbs } from './scenarios/verbs.ts'

const together = { ...starts, ...order, ...failures, ...updates, ...verbs, ...ends, ...files, ...logs }
/** They kill what the others need. */
const alone = { ...crashes }

export type Fact = keyof typeof together | keyof typeof alone

/** `cannot`: facts that the platform itself makes impossible, each with how so. */
export type Orchestrator = {
  name: string
  open(): Promise<Place>
  cannot?: Partial<Record<Fact, string>>
}

export function keepsTheContract({ name, open, cannot = {} }: Orchestrator): void {
  describe(`on ${name}`, () => {
    const opened = new AsyncDisposableStack()
    let place: Place
    let tycho: Tycho
    beforeAll(async () => {
      place = opened.use(await open())
      tycho = opened.use(await startTycho({ environment: place.environment, workers: 2 }))
    })
    afterAll(() => opened.disposeAsync())

    const state = (facts: Record<string, Scenario>, concurrent: boolean) => {
      for (const [fact, scenario] of Object.entries(facts)) {
        it(fact, { concurrent, timeout: 240_000 }, async (context) => {
          const reason = cannot[fact as Fact]
          if (reason) context.skip(reason)
          const bench = createBench(tycho, place)
          await scenario(bench)
          await bench.stopAll()
        })
      }
    }
    state(together, true)
    state(alone, false)
  })
}
