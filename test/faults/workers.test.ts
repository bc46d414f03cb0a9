// Workers that die, freeze and come back while two hundred systems come and go.
import { expect, it } from 'vitest'
import { createRandom, type Random } from '../kit/random.ts'
import { disturbWorkers } from './crew.ts'
import type { Ledger } from './ledger.ts'
import { inParallel } from './load.ts'
import { openRig } from './rig.ts'
import type { Template } from './templates.ts'

const templates: readonly Template[] = ['plain', 'plain', 'staged', 'secret']

/** What one client does with its system. */
async function use(ledger: Ledger, name: string, random: Random): Promise<void> {
  const fate = random.pick(['keep', 'stop', 'stop', 'cancel', 'interrupt'] as const)
  const job = await ledger.start(name, random.pick(templates))
  if (fate === 'keep') return void (await ledger.done(job.id))
  if (fate === 'interrupt') await ledger.until(job.id, ({ progress }) => progress.step !== 'queued')
  if (fate === 'stop') await ledger.done(job.id)
  const stop = await ledger.stop(name)
  if (stop) await ledger.done(stop.id)
}

it('keeps its promises to 200 systems while workers are killed, frozen and restarted', async () => {
  const seed = Number(process.env.TYCHO_TEST_SEED ?? Date.now() % 1_000_000)
  console.log(`seed ${seed}: TYCHO_TEST_SEED=${seed} repeats the choices`)
  const random = createRandom(seed)
  await using rig = await openRig({ workers: 3, plan: () => ({ is: 'ready', delayMs: random.below(3_000) }) })
  await rig.learn('plain', 'staged', 'secret')
  {
    await using crew = disturbWorkers(rig.tycho, createRandom(seed + 1))
    await inParallel(200, 16, (index) => use(rig.ledger, `system-${index}`, createRandom(seed + 2 + index)))
    console.log(`what happened to the workers: ${crew.deeds.join(', ')}`)
    expect(crew.deeds.length).toBeGreaterThan(5)
  }
  expect(await rig.audit()).toEqual([])
})
