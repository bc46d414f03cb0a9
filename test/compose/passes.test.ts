import { expect, test } from 'vitest'
import { CANONICAL } from '../../src/compose/canonical/table.ts'
import { CHECKS } from '../../src/compose/checks/table.ts'
import { PASSES } from '../../src/compose/parse.ts'

test('every pass, canonical row and check says what it is about, once', () => {
  const abouts = [PASSES, CHECKS].flatMap((list) => list.map(({ about }) => about))
  expect(new Set(abouts).size).toBe(abouts.length)
  for (const { about } of [...PASSES, ...CHECKS, ...CANONICAL]) expect(about).toMatch(/^\S.*[^.]$/)
})
