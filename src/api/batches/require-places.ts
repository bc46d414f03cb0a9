// Refuses a batch for which there is not enough room.
import { apiError } from '../api-error.ts'
import type { Shortage } from '../schemas/shortage.ts'
import { sentenceOf } from './amount-words.ts'
import { problem, type Short } from './fit.ts'
import type { PlacedBatch } from './place-batch.ts'

/** Told in the sentence; all of them stand in `shortages`. */
const mostTold = 3

/** Throws BATCH_DOES_NOT_FIT (422), with the numbers. */
export function requirePlaces({ fit, checked }: Pick<PlacedBatch, 'fit' | 'checked'>): void {
  const { shortages, spread } = fit
  if (shortages.length === 0 && spread.left === 0) return
  throw apiError('BATCH_DOES_NOT_FIT', detailOf(shortages, spread.left, checked.members.length), {
    problems: [...shortages.map(toProblem), ...fit.problems],
    details: { shortages: shortages.map(toShortage) },
  })
}

/** `left`: members without a place. */
export function detailOf(shortages: readonly Short[], left: number, members: number): string {
  const who = left > 0 ? `${left} of ${members} systems have no place` : `it needs more than there is`
  const told = shortages.slice(0, mostTold).map(wordsOf)
  const more = shortages.length > mostTold ? [`and ${shortages.length - mostTold} more`] : []
  const none = 'no namespace can be used, or there is no room where their volumes are'
  const why = told.length > 0 ? [...told, ...more] : [none]
  return `The batch does not fit, ${who}: ${why.join('; ')}`
}

export function toProblem(short: Short) {
  const path = short.namespace === null ? short.of : `namespaces.${short.namespace}.${short.of}`
  return problem('NO_ROOM', 'error', path, wordsOf(short))
}

function wordsOf(short: Short): string {
  return `${short.namespace === null ? '' : `in ${short.namespace} `}${sentenceOf(short)}`
}

export function toShortage({ of, limit, used, needed, quota, namespace }: Short): Shortage {
  const own = { of, limit, used, needed }
  return { ...own, ...(quota !== null && { quota }), ...(namespace !== null && { namespace }) }
}
