// The page about jobs says what the code does: its tables are those of the transitions.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { nextSteps } from '../../src/jobs/transitions.ts'
import { nextPhases } from '../../src/system/system.ts'

const page = readFileSync(new URL('../../docs/jobs.md', import.meta.url), 'utf8')

/** First cell -> the words in the last one, of the table below a heading. */
function tableBelow(heading: string): Record<string, string[]> {
  const section = page.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('| `'))
  return Object.fromEntries(
    rows.map((row) => {
      const cells = row.split('|').slice(1, -1)
      return [wordsOf(cells[0])[0], wordsOf(cells.at(-1))]
    }),
  )
}

function wordsOf(cell = ''): string[] {
  return [...cell.matchAll(/`(\w+)`/g)].map(([, word]) => word ?? '')
}

it('has the steps of jobs', () => {
  expect(tableBelow('Status and step')).toEqual(nextSteps)
})

it('has the phases of systems', () => {
  expect(tableBelow('The phase of the system')).toEqual(nextPhases)
})
