// Where a webhook may go, whatever notation the address is in. Nothing is sent here.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TychoError } from '../../src/problem.ts'
import { createGuard, type GuardOptions } from '../../src/webhooks/guard.ts'

const guardOf = (options: Partial<GuardOptions> = {}) =>
  createGuard({ allow: [], httpsOnly: false, resolve: async () => ['8.8.8.8'], ...options })

/** The code of the refusal, or null. */
async function refusalOf(url: string, options: Partial<GuardOptions> = {}): Promise<TychoError | null> {
  try {
    await guardOf(options).check(url)
    return null
  } catch (error) {
    if (error instanceof TychoError && error.code === 'CALLBACK_NOT_ALLOWED') return error
    throw error
  }
}

type Quad = readonly [number, number, number, number]

const byte = fc.integer({ min: 0, max: 255 })
const constant = (value: number) => fc.constant(value)

/** Addresses that no webhook goes to: loopback, private, link-local with the metadata servers, shared, multicast, … */
const forbidden: fc.Arbitrary<Quad> = fc.oneof(
  fc.tuple(constant(127), byte, byte, byte),
  fc.tuple(constant(10), byte, byte, byte),
  fc.tuple(constant(172), fc.integer({ min: 16, max: 31 }), byte, byte),
  fc.tuple(constant(192), constant(168), byte, byte),
  fc.tuple(constant(169), constant(254), byte, byte),
  fc.constant([169, 254, 169, 254] as const),
  fc.constant([168, 63, 129, 16] as const),
  fc.tuple(constant(100), fc.integer({ min: 64, max: 127 }), byte, byte),
  fc.tuple(constant(0), byte, byte, byte),
  fc.tuple(fc.integer({ min: 224, max: 255 }), byte, byte, byte),
  fc.tuple(constant(198), fc.integer({ min: 18, max: 19 }), byte, byte),
)

const numberOf = ([a, b, c, d]: Quad) => ((a << 24) | (b << 16) | (c << 8) | d) >>> 0
const hex = (value: number, digits = 1) => value.toString(16).padStart(digits, '0')
const octal = (value: number) => `0${value.toString(8)}`
const groups = (quad: Quad) => `${hex((quad[0] << 8) | quad[1])}:${hex((quad[2] << 8) | quad[3])}`

/** Every way of writing an IPv4 address that some parser takes. */
const notations: readonly ((quad: Quad) => string)[] = [
  (quad) => quad.join('.'),
  (quad) => `${quad.join('.')}.`,
  (quad) => `${numberOf(quad)}`,
  (quad) => `0x${hex(numberOf(quad))}`,
  (quad) => octal(numberOf(quad)),
  (quad) => quad.map((one) => `0x${hex(one, 2)}`).join('.'),
  (quad) => quad.map(octal).join('.'),
  ([a, b, c, d]) => `${a}.${(b << 16) | (c << 8) | d}`,
  ([a, b, c, d]) => `${a}.${b}.${(c << 8) | d}`,
  ([a, b, c, d]) => `0x${hex(a)}.${octal(b)}.${(c << 8) | d}`,
  (quad) => quad.map((one) => [...`${one}`].map((digit) => `%3${digit}`).join('')).join('.'),
  (quad) =>
    quad.map((one) => [...`${one}`].map((d) => String.fromCodePoint(0xff10 + Number(d))).join('')).join('。'),
  (quad) => `[::ffff:${quad.join('.')}]`,
  (quad) => `[::ffff:${groups(quad)}]`,
  (quad) => `[0:0:0:0:0:FFFF:${groups(quad)}]`,
  (quad) => `[::${quad.join('.')}]`,
  (quad) => `[64:ff9b::${groups(quad)}]`,
  (quad) => `[64:ff9b:1::${groups(quad)}]`,
  (quad) => `[::ffff:0:${groups(quad)}]`,
  (quad) => `[2002:${groups(quad)}::1]`,
]

describe('an address that is not public', () => {
  it('is refused in every notation', async () => {
    const url = fc
      .tuple(forbidden, fc.constantFrom(...notations))
      .map(([quad, write]) => `http://${write(quad)}/`)
    await fc.assert(
      fc.asyncProperty(url, async (text) => {
        expect(await refusalOf(text)).toBeInstanceOf(TychoError)
      }),
      { numRuns: 2_000 },
    )
  })

  it('is refused as what a name stands for, be it only one of its addresses', async () => {
    const written = fc.tuple(
      forbidden,
      fc.constantFrom(
        (quad: Quad) => quad.join('.'),
        (quad: Quad) => `::ffff:${quad.join('.')}`,
      ),
    )
    await fc.assert(
      fc.asyncProperty(written, async ([quad, write]) => {
        const resolve = async () => ['8.8.8.8', write(quad)]
        expect((await refusalOf('https://example.org/', { resolve }))?.message).toContain('example.org is at')
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    '[::1]',
    '[::]',
    '[fe80::1]',
    '[febf::1]',
    '[fd00:ec2::254]',
    '[fc00::1]',
    '[fec0::1]',
    '[ff02::1]',
    '[2001:db8::1]',
    '[2001::1]',
    '[100::1]',
    '[::8.8.8.8]',
  ])('%s is one', async (host) => {
    expect(await refusalOf(`http://${host}/`)).toBeInstanceOf(TychoError)
  })

  it('is named in the refusal, with what the operator can set', async () => {
    const refusal = await refusalOf('http://0x7f.1:8080/secret-path?token=x')
    expect(refusal).toMatchObject({
      status: 422,
      code: 'CALLBACK_NOT_ALLOWED',
      details: { address: '127.0.0.1' },
    })
    expect(refusal?.message).toContain('127.0.0.1 is a loopback address')
    expect(refusal?.message).toContain('TYCHO_WEBHOOK_ALLOW')
    expect(refusal?.message).not.toContain('secret-path')
  })
})

describe('the operator', () => {
  it('allows networks, in whatever notation an address of them comes', async () => {
    const allow = ['10.96.0.0/12', 'fd00::/8']
    expect(await refusalOf('http://10.97.1.2/', { allow })).toBeNull()
    expect(await refusalOf('http://[::ffff:10.97.1.2]/', { allow })).toBeNull()
    expect(await refusalOf('http://[fd12::1]/', { allow })).toBeNull()
    expect(await refusalOf('http://portal.svc/', { allow, resolve: async () => ['10.97.1.2'] })).toBeNull()
    expect(await refusalOf('http://10.112.0.1/', { allow })).toBeInstanceOf(TychoError)
    expect(await refusalOf('http://127.0.0.1/', { allow })).toBeInstanceOf(TychoError)
  })

  it('may want https alone', async () => {
    expect(await refusalOf('https://example.org/', { httpsOnly: true })).toBeNull()
    expect((await refusalOf('http://example.org/', { httpsOnly: true }))?.message).toContain(
      'TYCHO_WEBHOOK_HTTPS_ONLY',
    )
  })
})

describe('a URL', () => {
  it.each([
    'https://example.org/',
    'http://example.org:8080/a?b=c',
    'https://8.8.8.8/',
    'https://[2001:4860:4860::8888]/',
  ])('%s is fine', async (url) => {
    expect(await refusalOf(url)).toBeNull()
  })

  it.each([
    'ftp://example.org/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'gopher://example.org/',
    'https://user:password@example.org/',
    'https://user@example.org/',
    'http://[fe80::1%25eth0]/',
    'http://[::1/',
    'http://1.2.3.4.5/',
    '//example.org/',
    'no url',
    '',
  ])('%s is refused', async (url) => {
    expect(await refusalOf(url)).toBeInstanceOf(TychoError)
  })

  it('whose name does not exist is refused; one that can not be looked up now is not', async () => {
    const failing = (code: string) => async () => Promise.reject(Object.assign(new Error(code), { code }))
    expect((await refusalOf('https://no.invalid/', { resolve: failing('ENOTFOUND') }))?.message).toContain(
      'no.invalid',
    )
    expect(await refusalOf('https://example.org/', { resolve: failing('EAI_AGAIN') })).toBeNull()
  })

  it('with a trailing dot is looked up as the name that it is', async () => {
    const resolve = async (hostname: string) => (hostname === 'localhost.' ? ['127.0.0.1'] : ['8.8.8.8'])
    expect((await refusalOf('http://localhost./', { resolve }))?.message).toContain('127.0.0.1')
  })
})
