// How the bad items of a batch refuse it.
import { InvalidSystemError } from '../../problem.ts'
import { apiError } from '../api-error.ts'
import type { BadItems } from './check-members.ts'

/** Told at once; more would be no help. */
const mostProblems = 200

/** Throws INVALID_ITEMS (422) where there is one. */
export function refuseBad(bad: BadItems): void {
  if (bad.size === 0) return
  const problems = [...bad.values()].flat()
  const [first] = problems
  const more = bad.size > 1 ? ` (and ${bad.size - 1} more items)` : ''
  throw apiError('INVALID_ITEMS', `${first?.path}: ${first?.message}${more}`, {
    problems: problems.slice(0, mostProblems).map(({ ofTemplate: _same, ...problem }) => problem),
  })
}

/** What is wrong with every item in the same way is wrong with the template, and is told once: INVALID_SYSTEM (422). */
export function refuseTemplate(bad: BadItems): void {
  const [first, ...others] = [...bad.values()].map((problems) =>
    problems.flatMap(({ ofTemplate }) => ofTemplate ?? []),
  )
  if (!first || first.length === 0) return
  const told = JSON.stringify(first)
  if (others.every((one) => JSON.stringify(one) === told)) throw new InvalidSystemError(first)
}
