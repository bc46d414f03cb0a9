// What may happen to a system and its jobs, in any order and any number: requests, work, and what goes wrong.
import * as fc from 'fast-check'
import { verbs } from '../../../src/jobs/verbs.ts'
import { specs, type Wish } from './world.ts'

/** Picks one of what is there at that moment. */
const choice = fc.nat({ max: 20 })

const wish: fc.Arbitrary<Wish> = fc.record({
  spec: fc.constantFrom(...Object.keys(specs)),
  keepOnFailure: fc.boolean(),
  rollback: fc.boolean(),
  isPatch: fc.boolean(),
})

const some = <K extends string>(kind: K) => fc.record({ kind: fc.constant(kind), choice })

const requests = [
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('submit' as const), wish }) },
  { weight: 1, arbitrary: some('stop') },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('ask' as const), verb: fc.constantFrom(...verbs) }),
  },
  { weight: 3, arbitrary: some('cancel') },
  { weight: 2, arbitrary: some('retry') },
] as const

const work = [
  { weight: 12, arbitrary: some('take') },
  { weight: 24, arbitrary: some('step') },
  { weight: 8, arbitrary: some('observe') },
  { weight: 4, arbitrary: some('vanish') },
  { weight: 3, arbitrary: some('sweep') },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('become' as const),
      state: fc.constantFrom('pending' as const, 'ready' as const, 'broken' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('calm' as const), rounds: fc.nat({ max: 40 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.constantFrom(10, 1000, 70_000) }),
  },
] as const

const faults = [
  { weight: 2, arbitrary: some('crash') },
  { weight: 5, arbitrary: some('breakDown') },
  { weight: 2, arbitrary: some('loseLock') },
  { weight: 1, arbitrary: some('loseEnqueue') },
  { weight: 1, arbitrary: some('close') },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('throw' as const),
      choice,
      remedy: fc.constantFrom('retry' as const, 'wait' as const, 'giveUp' as const),
    }),
  },
] as const

const command = fc.oneof(...requests, ...work, ...faults)

export type Command = typeof command extends fc.Arbitrary<infer T> ? T : never

export const commands = fc.array(command, { maxLength: 100, size: 'max' })
