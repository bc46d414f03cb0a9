// The promises of the job's state machine, over all interleavings of requests, workers and faults (fast-check).
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isEnded } from '../../src/system/system.ts'
import { toTarget } from './model/cluster.ts'
import { type Command, commands } from './model/commands.ts'
import { Play } from './model/play.ts'
import { specs } from './model/world.ts'

const runs = 2_500

/** Checks P2, P5 and P7 at every write, and P1 and P3 when all has come to rest. */
function holds(list: readonly Command[]): Play {
  const play = new Play()
  for (const command of list) play.do(command)
  play.comeToRest()
  checkEnds(play)
  checkObjects(play)
  return play
}

/** P2: each job has ended, once. */
function checkEnds({ world }: Play): void {
  for (const id of world.jobs.keys()) expect(world.ledger.ends.get(id)).toBe(1)
}

/** P3 and P5: what is there is exactly one set of the objects that the newest system consists of. */
function checkObjects({ world }: Play): void {
  const { system, cluster } = world
  const live = system && !isEnded(system) ? system : null
  expect(cluster.sids().filter((sid) => sid !== live?.sid)).toEqual([])
  if (!live || !settled.includes(live.phase) || cluster.hasStrays(live.sid)) return
  expect(live.phase === 'suspended').toBe(live.suspended)
  const target = toTarget(live.spec, live.suspended, live.restartedAt)
  const wanted = Object.fromEntries((specs[live.spec] ?? []).map((service) => [service, target]))
  expect(cluster.sound(live.sid)).toEqual(wanted)
}

const settled: readonly string[] = ['running', 'completed', 'suspended']

describe('the state machine of jobs', () => {
  it.each([1, 2, 3, 4])(
    `keeps its promises in any interleaving of requests and faults (${runs} runs, seed %i)`,
    (seed) => {
      fc.assert(
        fc.property(commands, (list) => void holds(list)),
        { numRuns: runs, seed },
      )
    },
  )

  it('comes to every ending, so that nothing is proved of what never happens', () => {
    const samples = fc.sample(commands, { numRuns: 5_000, seed: 5 })
    const endings = new Set(samples.flatMap((list) => endingsOf(holds(list))))
    expect([...endings]).toEqual(
      expect.arrayContaining([
        'system.start succeeded',
        'system.start canceled: CANCELED',
        'system.start canceled: SUPERSEDED',
        'system.start failed: CRASH_LOOP',
        'system.start failed: DEADLINE_EXCEEDED',
        'system.start failed: BROKEN',
        'system.update succeeded',
        'system.update canceled: CANCELED',
        'system.update canceled: CANCELED, rolled back',
        'system.update failed: CRASH_LOOP',
        'system.update failed: CRASH_LOOP, rolled back',
        'system.restart succeeded',
        'system.restart canceled: CANCELED, rolled back',
        'system.restart failed: BROKEN',
        'system.suspend succeeded',
        'system.suspend canceled: CANCELED, rolled back',
        'system.suspend canceled: SUPERSEDED',
        'system.suspend failed: BROKEN',
        'system.resume succeeded',
        'system.resume canceled: CANCELED, rolled back',
        'system.resume canceled: SUPERSEDED',
        'system.resume failed: CRASH_LOOP',
        'system.stop succeeded',
        'system.stop failed: BROKEN',
      ]),
    )
  })
})

function endingsOf({ world }: Play): string[] {
  return [...world.jobs.values()].map(({ kind, status, error }) => {
    const way = error?.details.rolledBack ? ', rolled back' : ''
    return `${kind} ${status}${error ? `: ${error.code}` : ''}${way}`
  })
}
