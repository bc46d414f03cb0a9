// Files that nobody would write. `npm run fuzz` reads many more of them.
import { describe, expect, test } from 'vitest'
import { fuzz } from './fuzz/fuzz.ts'

/** Set by the nightly run, or to see one file again that a message named. */
const rounds = Number(process.env.FUZZ_ROUNDS ?? 5_000)
const seed = Number(process.env.FUZZ_SEED ?? 20_240_517)

describe('damaged and made-up files', () => {
  test('never crash; what is accepted is accepted again in print', { timeout: 20_000 + rounds * 20 }, () => {
    const { read, accepted } = fuzz(rounds, seed)
    expect(read).toBe(rounds)
    if (rounds >= 1_000) expect(accepted).toBeGreaterThan(rounds / 20)
  })
})
