// Requests that the OpenAPI document describes, and others. `npm run fuzz -- api` sends many more of them.
import { expect, test } from 'vitest'
import { fuzzApi } from './fuzz/fuzz.ts'

/** Set to see one failure again, as its message says. */
const requests = Number(process.env.FUZZ_REQUESTS ?? 500)
const seed = Number(process.env.FUZZ_SEED ?? 20_240_517)

test('no request crashes the API, is answered otherwise than described, or leaves what it should not', {
  timeout: 60_000 + requests * 50,
}, async () => {
  const found = await fuzzApi({ requests, seed })
  expect(found.requests).toBeGreaterThan(requests * 0.8)
  const answered = new Set([...found.tally.values()].flatMap((row) => [...row.keys()]))
  for (const status of [200, 202, 400, 404, 409, 415, 422]) expect(answered).toContain(status)
})
