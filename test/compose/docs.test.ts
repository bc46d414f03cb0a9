import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { composePage } from '../../scripts/docs/compose-page.ts'

test('docs/compose.md says what the tables say (npm run docs writes it)', () => {
  expect(readFileSync(new URL('../../docs/compose.md', import.meta.url), 'utf8')).toBe(composePage())
})
