// The header Prefer.
import { expect, it } from 'vitest'
import { parsePrefer } from '../../src/api/prefer.ts'

it.each([
  [undefined, { waitSeconds: null, respondAsync: false }],
  ['wait=10', { waitSeconds: 10, respondAsync: false }],
  ['respond-async, wait=10', { waitSeconds: 10, respondAsync: true }],
  ['Wait = "5"; foo=1, return=minimal', { waitSeconds: 5, respondAsync: false }],
  [['wait=3', 'wait=7'], { waitSeconds: 3, respondAsync: false }],
  ['wait=soon, wait=-1, wait', { waitSeconds: null, respondAsync: false }],
])('%j is %j', (header, preferences) => {
  expect(parsePrefer(header)).toEqual(preferences)
})
