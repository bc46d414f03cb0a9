// Reads damaged and made-up files, many of them, and says at the first one where a promise does not hold.

import { type ParsedCompose, parseCompose } from '../../../src/compose/parse.ts'
import type { Problem } from '../../../src/problem.ts'
import { VARIABLES } from '../../kit/compose-oracle/collection.ts'
import { createRandom } from '../../kit/random.ts'
import { combine, readSeeds, seedTexts } from './generate.ts'
import { mutate } from './mutate.ts'
import { roundTripFault } from './round-trip.ts'
import { boundOf, stepsOf } from './steps.ts'

/** `worst`: the most steps for each character of a file. */
export type FuzzResult = { read: number; accepted: number; worst: number }

/** Problems about a whole file have no place in it. */
const WITHOUT_PLACE = new Set(['COMPOSE_TOO_LARGE', 'TOO_MANY_PROBLEMS'])

/** Each file is made from a seed of its own (`seed` + its number), which the error names. */
export function fuzz(rounds: number, seed: number): FuzzResult {
  const texts = seedTexts()
  const seeds = readSeeds(texts)
  const result: FuzzResult = { read: 0, accepted: 0, worst: 0 }
  for (let round = 0; round < rounds; round += 1) {
    const random = createRandom(seed + round)
    const compose = random.once(4) ? combine(seeds, random) : mutate(random.pick(texts), random)
    const input = { compose, env: VARIABLES, fallbackName: 'fuzz' }
    const fault = faultOf(input, result)
    if (fault === null) continue
    throw new Error(
      `seed ${seed + round} (FUZZ_SEED=${seed + round} FUZZ_ROUNDS=1): ${fault}\n${textOf(compose)}`,
    )
  }
  return result
}

type Input = { compose: unknown; env: Readonly<Record<string, string>>; fallbackName: string }

function faultOf(input: Input, result: FuzzResult): string | null {
  try {
    const parsed = parseCompose(input)
    const steps = stepsOf(parsed)
    const size = textOf(input.compose).length
    result.read += 1
    result.worst = Math.max(result.worst, steps / (size + 1))
    if (parsed.spec) result.accepted += 1
    if (steps > boundOf(size, parsed)) return `${steps} steps for ${size} characters`
    return (
      brokenPromise(parsed, typeof input.compose === 'string') ??
      (parsed.spec && roundTripFault(input, parsed))
    )
  } catch (error) {
    return `it throws ${error instanceof Error ? (error.stack ?? error.message) : error}`
  }
}

function brokenPromise({ spec, problems }: ParsedCompose, hasPlaces: boolean): string | null {
  const hasError = problems.some(({ severity }) => severity === 'error')
  if ((spec === null) !== hasError) return 'it gives neither a spec nor an error, or both'
  const unclear = problems.find((problem) => whyUnclear(problem, hasPlaces) !== null)
  return unclear ? `${whyUnclear(unclear, hasPlaces)}: ${JSON.stringify(unclear)}` : null
}

function whyUnclear({ line, column, message, code }: Problem, hasPlaces: boolean): string | null {
  const isPlaced = line !== undefined && column !== undefined && line > 0 && column > 0
  if (hasPlaces && !isPlaced && !WITHOUT_PLACE.has(code)) return 'a problem has no place'
  if (!/[.?]$/.test(message)) return 'a problem has no sentence'
  return /^[A-Z_]+$/.test(code) ? null : 'a problem has no code'
}

function textOf(compose: unknown): string {
  return typeof compose === 'string' ? compose : JSON.stringify(compose)
}
