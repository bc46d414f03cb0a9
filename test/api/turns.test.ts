// Long requests are read in turns, so that small ones are answered between them.
import { expect, it } from 'vitest'
import { createTurns } from '../../src/api/turns.ts'
import { manyServices } from '../bench/compose/files.ts'
import { hello, send, testApi } from './kit.ts'

function blockMs(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

it('each rests as long as it took before the next one is read', async () => {
  const takeTurn = createTurns()
  const read = async () => {
    await takeTurn()
    const start = performance.now()
    blockMs(30)
    return { start, end: performance.now() }
  }
  const times = await Promise.all([read(), read(), read()])
  for (const [at, { start }] of times.entries()) {
    const before = times[at - 1]
    if (before) expect(start - before.end).toBeGreaterThanOrEqual(28)
  }
})

it('a small request that comes after several long ones is answered before the last of them', async () => {
  await using api = await testApi()
  const post = (payload: object) => send(api, { method: 'POST', url: '/v1/systems', payload })
  const done: string[] = []
  const long = Array.from({ length: 4 }, (_, at) =>
    post({ name: `long-${at}`, compose: manyServices(400) }).then(({ status }) =>
      done.push(`long ${status}`),
    ),
  )
  const small = post({ name: 'small', compose: hello }).then(({ status }) => done.push(`small ${status}`))
  await Promise.all([...long, small])
  expect(done.toSorted()).toEqual(['long 202', 'long 202', 'long 202', 'long 202', 'small 202'])
  expect(done.indexOf('small 202')).toBeLessThan(2)
})
