// The canonical form, printed and read again, is the same system.
import { describe, expect, test } from 'vitest'
import { readCollection } from '../kit/compose-oracle/collection.ts'
import { parseSample, sampleInput } from '../kit/compose-oracle/parse-sample.ts'
import { roundTripFault } from './fuzz/round-trip.ts'

describe('the canonical form in print', () => {
  test.each(readCollection().map((sample) => [sample.name, sample] as const))(
    'gives %s again',
    (_, sample) => {
      expect(roundTripFault(sampleInput(sample), parseSample(sample))).toBeNull()
    },
  )
})
