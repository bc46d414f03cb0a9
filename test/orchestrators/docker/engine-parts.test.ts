// The pure parts of what works on a Docker engine.
import { describe, expect, it } from 'vitest'
import { negotiate } from '../../../src/orchestrators/docker/engine/api-version.ts'
import { toEngineError } from '../../../src/orchestrators/docker/engine/engine-error.ts'
import { choosePort } from '../../../src/orchestrators/docker/engine/host-ports.ts'
import { joinFrames } from '../../../src/orchestrators/docker/engine/log-frames.ts'
import { pullError } from '../../../src/orchestrators/docker/engine/pull.ts'
import { splitReference, toFullReference } from '../../../src/orchestrators/docker/engine/reference.ts'
import { firstFree, toBlock } from '../../../src/orchestrators/docker/engine/subnets.ts'

describe('the version of requests', () => {
  it('is the newest that both sides know', () => {
    expect(negotiate({ ApiVersion: '1.41', MinAPIVersion: '1.12' })).toBe('1.41')
    expect(negotiate({ ApiVersion: '1.99', MinAPIVersion: '1.44' })).toBe('1.51')
    expect(negotiate({ ApiVersion: '2.1', MinAPIVersion: '2.0' })).toBe('2.0')
    expect(negotiate({ ApiVersion: '1.40' })).toBe('1.40')
  })
})

describe('the network of a system', () => {
  it('is the first that overlaps with none', () => {
    const range = ['10.201.0.0/24']
    expect(firstFree(range, [])).toBe('10.201.0.0/26')
    expect(firstFree(range, ['10.201.0.0/26', '10.201.0.128/25', 'fd00::/64'])).toBe('10.201.0.64/26')
    expect(firstFree(range, ['172.17.0.0/16', '10.201.0.10/32'])).toBe('10.201.0.64/26')
    expect(firstFree([...range, '10.202.0.0/26'], ['10.201.0.0/16'])).toBe('10.202.0.0/26')
  })

  it('can not be had where all are taken', () => {
    expect(() => firstFree(['10.201.0.0/24'], ['10.0.0.0/8'])).toThrow(
      expect.objectContaining({ code: 'SUBNETS_EXHAUSTED' }),
    )
  })

  it('is no other family', () => {
    expect(toBlock('fd00::/64')).toBeUndefined()
    expect(toBlock('10.0.0.7/30')).toEqual({ first: 167_772_164, last: 167_772_167 })
  })
})

describe('a reference', () => {
  it.each([
    ['nginx', 'nginx', 'latest', 'docker.io/library/nginx:latest'],
    ['demo/hello:1', 'demo/hello', '1', 'docker.io/demo/hello:1'],
    ['host:5000/a/b', 'host:5000/a/b', 'latest', 'host:5000/a/b:latest'],
    ['a@sha256:00', 'a', 'sha256:00', 'docker.io/library/a@sha256:00'],
    ['a:1@sha256:00', 'a', 'sha256:00', 'docker.io/library/a@sha256:00'],
  ])('%s is taken apart', (reference, name, tag, full) => {
    expect(splitReference(reference)).toEqual({ name, tag })
    expect(toFullReference(reference)).toBe(full)
  })
})

describe('a port', () => {
  const port = { containerPort: 80, protocol: 'tcp', hostIp: null } as const
  const range = { from: 20_000, to: 20_002 }

  it('is the one that was asked for, or the first free of its range', () => {
    const asked = { ...port, asked: { from: 80, to: 82 } }
    expect(choosePort(asked, range, (number) => number < 82, [])).toMatchObject({ number: 82, isAsked: true })
  })

  it('is any other where that is taken, and none where all are', () => {
    const asked = { ...port, asked: { from: 80, to: 80 } }
    const other = choosePort(asked, range, (number) => number === 80 || number === 20_001, [])
    expect(other).toMatchObject({ isAsked: false })
    expect([20_000, 20_002]).toContain(other?.number)
    expect(choosePort(asked, range, () => true, [])).toBeUndefined()
  })
})

describe('a pull that fails', () => {
  it.each([
    ['manifest for demo/x:1 not found: manifest unknown: manifest unknown', 'IMAGE_PULL_FAILED', 'giveUp'],
    ['pull access denied for demo/x, repository does not exist', 'IMAGE_PULL_FAILED', 'giveUp'],
    ['invalid reference format', 'IMAGE_NAME_INVALID', 'giveUp'],
    ['Get "https://r/v2/": dial tcp: lookup r: no such host', 'REGISTRY_UNAVAILABLE', 'retry'],
    ['toomanyrequests: You have reached your pull rate limit', 'REGISTRY_UNAVAILABLE', 'retry'],
    ['write /var/lib/x: no space left on device', 'NO_SPACE', 'retry'],
  ])('%s', (said, code, remedy) => {
    const error = pullError('demo/x:1', said)
    expect(error).toMatchObject({ code, remedy })
    expect(error.message).toContain('demo/x:1')
  })
})

describe('a request that fails', () => {
  const failing = (code: string) => toEngineError(Object.assign(new Error('x'), { code }), '/d.sock', 'x')

  it.each([
    ['ENOENT', 'ENGINE_UNREACHABLE', 'wait'],
    ['ECONNREFUSED', 'ENGINE_UNREACHABLE', 'wait'],
    ['EACCES', 'ENGINE_FORBIDDEN', 'wait'],
    ['ECONNRESET', 'ENGINE_CONNECTION_LOST', 'retry'],
  ])('by %s is %s', (system, code, remedy) => {
    expect(failing(system)).toMatchObject({ code, remedy, status: 503 })
  })

  it('says the words of the engine, and no status', () => {
    const refused = { statusCode: 409, json: { message: 'name is in use\n' } }
    expect(toEngineError(refused, 'x', 'container a')).toMatchObject({
      code: 'OBJECT_CONFLICT',
      message: 'container a: name is in use',
    })
    const streamed = {
      statusCode: 500,
      json: null,
      message: '(HTTP code 500) server error - manifest unknown ',
    }
    expect(toEngineError(streamed, 'x', 'pull').details.words).toBe('manifest unknown')
  })
})

describe('the frames of a log', () => {
  const frame = (stream: number, text: string) => {
    const header = Buffer.alloc(8)
    header[0] = stream
    header.writeUInt32BE(Buffer.byteLength(text), 4)
    return Buffer.concat([header, Buffer.from(text)])
  }
  async function joined(...chunks: Buffer[]): Promise<string> {
    async function* all() {
      yield* chunks
    }
    return Buffer.concat(await Array.fromAsync(joinFrames(all()))).toString()
  }
  const at = '2026-01-01T00:00:00.5Z '

  it('are lines, whatever the chunks', async () => {
    const whole = Buffer.concat([frame(1, `${at}one\n`), frame(2, `${at}two\n`)])
    const bytes = [...whole].map((byte) => Buffer.from([byte]))
    expect(await joined(...bytes)).toBe(`${at}one\n${at}two\n`)
  })

  it('of one line are joined, although another stream speaks between them', async () => {
    const parts = [frame(1, `${at}lo`), frame(2, `${at}other\n`), frame(1, `${at}ng\n`)]
    expect(await joined(...parts)).toBe(`${at}other\n${at}long\n`)
  })

  it('that end without a newline are told', async () => {
    expect(await joined(frame(1, `${at}last`))).toBe(`${at}last\n`)
  })
})
