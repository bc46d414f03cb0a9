// `tycho logs` as a user types it, against a real API whose cluster says what the tests let it say.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLogPainter } from '../../src/cli/log-view.ts'
import { linesOf } from '../../src/client/lines.ts'
import { createRetoldLines } from '../../src/client/retold-lines.ts'
import type { LogLine, LogOptions } from '../../src/orchestrators/orchestrator.ts'
import { finish, hello, start } from '../api/kit.ts'
import { waitFor } from '../kit/wait.ts'
import { type Server, startServer } from './kit.ts'

const two = 'services:\n  web:\n    image: demo/hello\n  db:\n    image: demo/hello\n'

/** What the cluster says, by the system's name and how many times it was asked. */
const sayings: Record<
  string,
  (options: LogOptions, time: number, signal: AbortSignal) => AsyncIterable<LogLine>
> = {}
const times: Record<string, number> = {}

let server: Server

beforeAll(async () => {
  server = await startServer({
    reading: {
      logs: async ({ name }, options, signal) => {
        times[name] = (times[name] ?? 0) + 1
        return sayings[name]?.(options, times[name], signal) ?? null
      },
    },
  })
})

afterAll(() => server[Symbol.asyncDispose]())

async function* said(...texts: string[]): AsyncGenerator<LogLine> {
  for (const text of texts) yield { service: 'web', copy: 'a', text }
}

async function running(name: string, compose = hello): Promise<void> {
  await finish(server, (await start(server, { name, compose })).id)
}

async function stopped(name: string): Promise<void> {
  const answer = await server.app.inject({ method: 'DELETE', url: `/v1/systems/${name}` })
  await finish(server, answer.json().id)
}

describe('tycho logs', () => {
  it('prints what the containers have said as it came, and asks for what is wanted', async () => {
    await running('shop', two)
    const asked: LogOptions[] = []
    sayings.shop = (options) => {
      asked.push(options)
      return said('one', '\u001b[31mtwo')
    }
    const args = ['logs', 'shop', '--service', 'web', '--tail', '7']
    const [plain, document] = await Promise.all([
      server.run(['logs', 'shop']),
      server.run([...args, '--json']),
    ])
    expect(plain).toEqual({ code: 0, stderr: '', stdout: 'web/a | one\nweb/a | \u001b[31mtwo\n' })
    expect(JSON.parse(document.stdout)).toEqual({
      lines: [
        { from: null, text: 'one' },
        { from: null, text: '\u001b[31mtwo' },
      ],
    })
    expect(asked).toContainEqual(expect.objectContaining({ service: 'web', tail: 7, follow: null }))
  })

  it('goes on over a break and a server that closes, without a line twice, until the system is removed', async () => {
    await running('broken')
    sayings.broken = async function* ({ since }, time) {
      if (time === 1) {
        yield* said('one', 'two')
        throw new Error('the connection to the cluster is lost')
      }
      expect(since).not.toBeNull()
      if (time === 2) yield* said('one', 'two', 'two', 'three')
      else {
        yield* said('three', 'four')
        await stopped('broken')
      }
    }
    const ended = await server.run(['logs', 'broken', '-f'])
    expect(ended).toMatchObject({ code: 0, stdout: 'one\ntwo\ntwo\nthree\nfour\n' })
    expect(ended.stderr).toMatch(
      /^The connection to http\S+ broke .*; trying again\nThe server has ended the log; /,
    )
  })

  it('ends at Ctrl-C without a word', async () => {
    await running('endless')
    sayings.endless = async function* (_options, _time, signal) {
      yield* said('one')
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
    }
    const ended = await server.run(['logs', 'endless', '-f'], {
      during: async (child) => {
        await waitFor('the log to be read', () => times.endless, { intervalMs: 20 })
        child.kill('SIGINT')
      },
    })
    expect(ended).toMatchObject({ code: 130, stderr: '' })
  })

  it('refuses what it can not do', async () => {
    const [missing, both, tail] = await Promise.all([
      server.run(['logs', 'nobody', '-f']),
      server.run(['logs', 'nobody', '-f', '--json']),
      server.run(['logs', 'nobody', '--tail', 'all']),
    ])
    expect(missing).toMatchObject({ code: 6, stderr: expect.stringContaining('SYSTEM_NOT_FOUND') })
    expect(both).toMatchObject({ code: 2, stdout: expect.stringContaining('BAD_USAGE') })
    expect(tail).toMatchObject({ code: 2, stderr: expect.stringContaining('from 0 to 100000') })
  })
})

describe('lines on a terminal', () => {
  it('have a colour for each copy, prefixes of one width, and nothing that moves the cursor', () => {
    const paint = createLogPainter((style, text) => `<${style}>${text}</>`)
    expect([
      paint('web/a | one\u001b[2J'),
      paint('cache/b | \u001b[32mgreen\u001b[1A'),
      paint('web/a | three\rfour'),
    ]).toEqual([
      '<cyan>web/a |</> one',
      '<yellow>cache/b |</> \u001b[32mgreen\u001b[0m',
      '<cyan>web/a   |</> threefour',
    ])
  })

  it('have no colours at all where none are wanted', () => {
    const paint = createLogPainter((_style, text) => text)
    expect(paint('web/a | \u001b[32mgreen\u001b[0m')).toBe('web/a | green')
  })
})

describe('lines of a stream', () => {
  it('are whole, however they are cut', async () => {
    const parts = async function* () {
      yield* ['on', 'e\ntwo\n', '\nth', 'ree']
    }
    expect(await Array.fromAsync(linesOf(parts()))).toEqual(['one', 'two', '', 'three'])
  })

  it('that were told are known after a break, those of each container by themselves', () => {
    const retold = createRetoldLines()
    retold.told('web/a | old', 1)
    for (const line of ['web/a | tick', 'db/b | x', 'web/a | tick']) retold.told(line, 10)
    retold.resume(5)
    const again = ['db/b | x', 'web/a | tick', 'web/a | tick', 'db/b | x', 'web/a | tick', 'web/a | old']
    expect(again.filter((line) => !retold.isRetold(line))).toEqual(again.slice(3))
  })
})
