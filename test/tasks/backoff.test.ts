import { expect, it } from 'vitest'
import { TychoError } from '../../src/problem.ts'
import { pauseAfter } from '../../src/tasks/consume.ts'

const busy = (retryAfterSeconds?: number) =>
  new TychoError('CLUSTER_BUSY', 'busy', {
    remedy: 'retry',
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  })

it.each([
  ['is the usual one where nobody asked for more', busy(), 500],
  ['is as long as `Retry-After` asks', busy(7), 7_000],
  ['is not shorter than the usual one', busy(0), 500],
  ['has an end, whatever is asked', busy(86_400), 60_000],
  ['is the usual one after an error of any kind', new Error('x'), 500],
])('the pause before a task is tried again %s', (_what, error, pauseMs) => {
  expect(pauseAfter(error, 500)).toBe(pauseMs)
})
