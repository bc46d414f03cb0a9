// One attempt, against a receiver on loopback that answers whatever it likes.
import { describe, expect, it, vi } from 'vitest'
import { createGuard, type GuardOptions } from '../../src/webhooks/guard.ts'
import { createSender, type Sent } from '../../src/webhooks/send.ts'
import { createSecret } from '../../src/webhooks/sign.ts'
import { type Behaviour, type Receiver, startReceiver, verify } from '../kit/receiver.ts'
import { must } from '../kit/work.ts'

const secret = createSecret()
const timeoutMs = 700

/** One attempt at a URL by a sender of its own. */
async function sendTo(url: string, options: Partial<GuardOptions> = {}, secrets = [secret]): Promise<Sent> {
  const guard = createGuard({ allow: ['127.0.0.0/8'], httpsOnly: false, ...options })
  await using sender = createSender({ guard, version: '0', timeoutMs })
  return await sender.send({ id: 'evt_1', url, body: '{"type":"system.started"}', secrets })
}

async function answered(
  behaviour: Behaviour,
): Promise<Sent & { receiver: Pick<Receiver, 'received' | 'sentBytes'> }> {
  await using receiver = await startReceiver()
  receiver.answer(behaviour)
  const sent = await sendTo(receiver.url)
  return { ...sent, receiver: { received: receiver.received, sentBytes: receiver.sentBytes } }
}

describe('an attempt', () => {
  it('is signed with every secret that is valid', async () => {
    await using receiver = await startReceiver()
    const old = createSecret()
    await sendTo(receiver.url, {}, [secret, old])
    const received = must(receiver.received[0])
    expect(received.signature.split(' ')).toHaveLength(2)
    verify(secret, received)
    verify(old, received)
    expect(() => verify(createSecret(), received)).toThrow('signature')
    expect(() => verify(secret, { ...received, text: `${received.text} ` })).toThrow('signature')
    expect(() => verify(secret, { ...received, id: 'evt_2' })).toThrow('signature')
  })

  it('that is answered 2xx has succeeded, whatever the answer says', async () => {
    const { attempt } = await answered({ is: 'answer', status: 202, body: 'thanks' })
    expect(attempt).toMatchObject({ status: 202, error: null, answer: 'thanks' })
  })

  it('that is redirected has failed, and nobody else is asked', async () => {
    await using elsewhere = await startReceiver()
    const { attempt } = await answered({ is: 'answer', status: 302, headers: { location: elsewhere.url } })
    expect(attempt).toMatchObject({ status: 302, error: { code: 'REDIRECTED' } })
    expect(elsewhere.received).toEqual([])
  })

  it('tells how long the receiver wants to be left alone', async () => {
    const headers = { 'retry-after': '120' }
    const { attempt, askedMs } = await answered({ is: 'answer', status: 503, headers })
    expect({ code: attempt.error?.code, askedMs }).toEqual({ code: 'REFUSED', askedMs: 120_000 })
  })

  it('reads 64 KiB of an answer that never ends, shows its beginning, and lets it go', async () => {
    const { attempt, receiver } = await answered({ is: 'endless', status: 200 })
    expect(attempt).toMatchObject({ status: 200, error: null })
    expect(attempt.answer).toMatch(/^x{1000}…$/)
    // What the kernel and the server have in their buffers was not read.
    expect(receiver.sentBytes()).toBeLessThan(16 * 1024 * 1024)
    expect(attempt.durationMs).toBeLessThan(timeoutMs)
  })

  it('ends when its time is over', async () => {
    const { attempt } = await answered({ is: 'silent' })
    expect(attempt).toMatchObject({ status: null, error: { code: 'TIMED_OUT' }, answer: null })
    expect(attempt.durationMs).toBeGreaterThanOrEqual(timeoutMs - 50)
    expect(attempt.durationMs).toBeLessThan(timeoutMs * 3)
  })

  it('says when the connection breaks, and when there is none', async () => {
    expect((await answered({ is: 'reset' })).attempt.error?.code).toBe('NO_CONNECTION')
    const receiver = await startReceiver()
    await receiver[Symbol.asyncDispose]()
    expect((await sendTo(receiver.url)).attempt.error?.message).toContain('ECONNREFUSED')
  })
})

describe('no connection is opened', () => {
  it.each(['127.0.0.1', '2130706433', '0x7f000001', '127.1', '[::ffff:127.0.0.1]'])(
    'to %s where the operator has not allowed it',
    async (host) => {
      await using receiver = await startReceiver()
      const { attempt } = await sendTo(`http://${host}:${receiver.port}/`, { allow: [] })
      expect(attempt.error?.code).toBe('CALLBACK_NOT_ALLOWED')
      expect(receiver.received).toEqual([])
    },
  )

  it('to a name that stood for a public address before, and now does not', async () => {
    await using receiver = await startReceiver()
    const answers = [['8.8.8.8'], ['127.0.0.1']]
    const resolve = async () => answers.shift() ?? ['127.0.0.1']
    const guard = createGuard({ allow: [], httpsOnly: false, resolve })
    const url = `http://rebound.example.org:${receiver.port}/`
    await guard.check(url)
    await using sender = createSender({ guard, version: '0', timeoutMs })
    const { attempt } = await sender.send({ id: 'evt_1', url, body: '{}', secrets: [secret] })
    expect(attempt.error).toMatchObject({ code: 'CALLBACK_NOT_ALLOWED' })
    expect(attempt.error?.message).toContain('127.0.0.1')
    expect(receiver.received).toEqual([])
  })

  it('through a proxy that the environment names', async () => {
    await using receiver = await startReceiver()
    await using proxy = await startReceiver()
    const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY']
    for (const name of names) vi.stubEnv(name, name === 'NODE_USE_ENV_PROXY' ? '1' : proxy.url)
    expect((await sendTo(receiver.url)).attempt.status).toBe(204)
    vi.unstubAllEnvs()
    expect(proxy.received).toEqual([])
  })
})

it('the address that a socket has come to is looked at too, before anything is sent', async () => {
  await using receiver = await startReceiver()
  const guard = createGuard({ allow: ['127.0.0.0/8'], httpsOnly: false })
  const seen: string[] = []
  const strict = {
    ...guard,
    checkAddress: (address: string, hostname: string) => {
      seen.push(address)
      if (seen.length > 1) throw new Error('the socket is elsewhere')
      guard.checkAddress(address, hostname)
    },
  }
  await using sender = createSender({ guard: strict, version: '0', timeoutMs })
  const { attempt } = await sender.send({ id: 'evt_1', url: receiver.url, body: '{}', secrets: [secret] })
  expect(attempt.error?.message).toContain('the socket is elsewhere')
  expect(seen).toEqual(['127.0.0.1', '127.0.0.1'])
  expect(receiver.received).toEqual([])
})
