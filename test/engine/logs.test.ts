import { afterAll, beforeAll, expect, it } from 'vitest'
import type { LogLine, LogOptions } from '../../src/orchestrators/orchestrator.ts'
import type { SystemIdentity } from '../../src/system/spec.ts'
import { container, newIdentity, runs, stageOf, toApply } from '../kit/engine/objects.ts'
import { waitFor } from '../kit/wait.ts'
import { anySignal, openWatched, removeAll, type Watched } from './kit.ts'

let both: Watched

beforeAll(async () => {
  both = await openWatched()
})
afterAll(() => both?.[Symbol.asyncDispose]())

const all: LogOptions = { service: null, tail: null, since: null, follow: null }

async function read(identity: SystemIdentity, options: Partial<LogOptions> = {}): Promise<LogLine[]> {
  const lines = await both.engine.logs(identity, { ...all, ...options }, anySignal())
  return lines ? Array.fromAsync(lines, ({ service, copy, text }) => ({ service, copy, text })) : []
}

it('come from both streams and from a terminal, in the order of time', async () => {
  const identity = newIdentity('both')
  const plain = container(identity, 'plain', {
    create: runs('echo one; sleep 0.1; echo two >&2; sleep 0.1; echo three'),
  })
  const terminal = container(identity, 'tty', { create: { ...runs('sleep 0.5; echo four'), Tty: true } })
  await both.engine.apply(toApply(identity, stageOf(plain, terminal)), anySignal())
  await both.seen.service(identity, 'plain', 'its end', ({ completed }) => completed)
  await both.seen.service(identity, 'tty', 'its end', ({ completed }) => completed)
  expect((await read(identity)).map(({ text }) => text)).toEqual(['one', 'two', 'three', 'four'])
  expect(await read(identity, { service: 'plain', tail: 1 })).toEqual([
    { service: 'plain', copy: '1', text: 'three' },
  ])
  await removeAll(both, identity)
  expect(await both.engine.logs(identity, all, anySignal())).toBeNull()
})

it('keep a long line whole', async () => {
  const identity = newIdentity('long')
  const line = 'printf "%050000d\\n" 7; echo end'
  await both.engine.apply(
    toApply(identity, stageOf(container(identity, 'web', { create: runs(line) }))),
    anySignal(),
  )
  await both.seen.service(identity, 'web', 'its end', ({ completed }) => completed)
  expect((await read(identity)).map(({ text }) => text)).toEqual(['7'.padStart(50_000, '0'), 'end'])
  await removeAll(both, identity)
})

it('are followed over restarts and over new copies, and no line is told twice', async () => {
  const identity = newIdentity('follow')
  const web = container(identity, 'web', { create: runs('echo run; sleep 1; exit 1', 'always') })
  await both.engine.apply(toApply(identity, stageOf(web)), anySignal())
  const last = new AbortController()
  const lines = await both.engine.logs(identity, { ...all, follow: { last: last.signal } }, anySignal())
  const told: LogLine[] = []
  const reading = (async () => {
    for await (const line of lines ?? []) told.push(line)
  })()
  await waitFor('three runs', () => told.length >= 3)
  const other = container(identity, 'other', { create: runs('echo later; sleep 3600') })
  await both.engine.apply(toApply(identity, stageOf(web, other)), anySignal())
  await waitFor('the new one', () => told.some(({ text }) => text === 'later'))
  await both.machine.docker(['stop', '-t', '0', 'follow-web-1'])
  const asked = ['inspect', '--format', '{{.RestartCount}}', 'follow-web-1']
  const restarts = Number(await both.machine.docker(asked))
  await both.machine.docker(['rm', '-f', 'follow-web-1', 'follow-other-1'])
  last.abort()
  await reading
  const runsTold = told.filter(({ service }) => service === 'web').length
  expect(runsTold).toBeLessThanOrEqual(restarts + 1)
  await removeAll(both, identity)
})

it('has the last words of what ended badly', async () => {
  const identity = newIdentity('words')
  const web = container(identity, 'web', { create: runs('echo so long; exit 3') })
  await both.engine.apply(toApply(identity, stageOf(web)), anySignal())
  await both.seen.service(identity, 'web', 'failure', ({ readiness }) => readiness === 'failed')
  expect(await both.engine.lastWords(identity, 'web', anySignal())).toEqual({
    container: 'words-web-1',
    lines: ['so long'],
  })
  await removeAll(both, identity)
})
