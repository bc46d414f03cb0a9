// A worker that dies just before and just after everything that it does to the outside, once at each point.
import { expect, it } from 'vitest'
import { waitFor } from '../kit/wait.ts'
import { must } from '../kit/work.ts'
import { type CrashPoint, startWatchedWorker } from './effects.ts'
import { inParallel } from './load.ts'
import { openRig, type Rig } from './rig.ts'

/** How many workers die at the same time, each in a world of its own. */
const lanes = 3

type Act = 'start' | 'stop'

/** One job, done by a worker that dies at the point, and by another one afterwards. Answers what the first one did. */
async function playOut(rig: Rig, act: Act, name: string, point?: CrashPoint) {
  const { tycho, ledger } = rig
  const job = act === 'start' ? await ledger.start(name) : await ledger.stop(name)
  if (!job) throw new Error(`${name} has nothing to stop`)
  await using watched = await startWatchedWorker(tycho, job.id, point)
  const end = ledger.done(job.id)
  if (!point) {
    await end
    return { end: await end, effects: watched.effects, hasDied: false }
  }
  const over = end.then(() => true)
  const isOver = async () => watched.hasDied() || Promise.race([over, false])
  await waitFor(`a death ${point.when} ${point.effect} or the end`, isOver, { timeoutMs: 120_000 })
  await using _other = watched.hasDied() ? tycho.startWorker() : undefined
  return { end: await end, effects: watched.effects, hasDied: watched.hasDied() }
}

/** Systems with an undisturbed start, before stops that are disturbed. */
async function prepare({ tycho, ledger }: Rig, act: Act, names: string[]): Promise<void> {
  if (act === 'start') return
  await using _worker = tycho.startWorker()
  await Promise.all(names.map(async (name) => ledger.done((await ledger.start(name)).id)))
}

/** Plays out each point with a system of its own. Answers what went wrong. */
async function playAll(rig: Rig, act: Act, points: CrashPoint[]): Promise<string[]> {
  const wrong: string[] = []
  const nameOf = (index: number) => `system-${index}`
  await prepare(
    rig,
    act,
    points.map((_, index) => nameOf(index)),
  )
  for (const [index, point] of points.entries()) {
    const { end, effects, hasDied } = await playOut(rig, act, nameOf(index), point)
    const where = `${point.when} ${point.effect}`
    // What depends on the time that something takes need not happen every time.
    if (!hasDied && effects.includes(point.effect)) wrong.push(`no worker died ${where}`)
    if (end.status !== 'succeeded') wrong.push(`${where}: ${end.status} ${JSON.stringify(end.error)}`)
    console.log(`${act}: ${hasDied ? 'a worker died' : 'it did not come to'} ${where}`)
  }
  await using _worker = rig.tycho.startWorker()
  await rig.learn('plain')
  return [...wrong, ...(await rig.audit())]
}

const timeout = 1_800_000

it.each<Act>(['start', 'stop'])(
  'ends a %s well, whatever its worker was at when it died',
  { timeout },
  async (act) => {
    const rigs = await inParallel(lanes, lanes, () => openRig({ workers: 0 }))
    await using _all = closeAll(rigs)
    const points = await findPoints(must(rigs[0]), act)
    const wrong = await inParallel(lanes, lanes, (lane) =>
      playAll(
        must(rigs[lane]),
        act,
        points.filter((_, index) => index % lanes === lane),
      ),
    )
    expect(wrong.flat()).toEqual([])
  },
)

/** What a worker does for the job when nothing happens, each before and after. */
async function findPoints(rig: Rig, act: Act): Promise<CrashPoint[]> {
  await prepare(rig, act, ['pattern'])
  const { effects } = await playOut(rig, act, 'pattern')
  return effects.flatMap((effect): CrashPoint[] => [
    { effect, when: 'before' },
    { effect, when: 'after' },
  ])
}

function closeAll(rigs: Rig[]): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(rigs.map((rig) => rig[Symbol.asyncDispose]()))
    },
  }
}
