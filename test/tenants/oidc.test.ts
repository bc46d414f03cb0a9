// JWTs of an OpenID Connect issuer: which are taken, for whom they speak, and what is answered while it is away.
import { createHmac } from 'node:crypto'
import { exportSPKI, importJWK, type JWTPayload } from 'jose'
import { describe, expect, it } from 'vitest'
import { createOidcTokens, type OidcSettings } from '../../src/tenants/oidc.ts'
import { audience, createKey, type Issuer, startIssuer } from '../kit/issuer.ts'

const seconds = () => Math.floor(Date.now() / 1000)

function asking(issuer: Issuer, more: Partial<OidcSettings> = {}) {
  const settings = {
    issuer: issuer.url,
    audiences: [audience],
    jwksUrl: null,
    tenantClaim: 'tenant',
    scopesClaim: 'scope',
  }
  return createOidcTokens({ ...settings, ...more }, { cooldownMs: 0 })
}

const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('a token of the issuer', () => {
  it('says for which tenant it speaks and what it may do', async () => {
    await using issuer = await startIssuer()
    for (const jwksUrl of [null, `${issuer.url}/keys`])
      expect(await asking(issuer, { jwksUrl })(await issuer.sign())).toEqual({
        outcome: 'identified',
        identity: { tenant: 'bob', scopes: ['write'], caller: 'subject:somebody' },
      })
  })

  it('may say so in claims of other names, within objects, and as a list', async () => {
    await using issuer = await startIssuer()
    const rows = [
      [{ groups: { course: 'bob' } }, { tenantClaim: 'groups.course' }],
      [{ 'https://tycho.example/tenant': 'bob' }, { tenantClaim: 'https://tycho.example/tenant' }],
    ] as const
    for (const [claims, settings] of rows) {
      const token = await issuer.sign({ ...claims, tenant: undefined, roles: ['tycho:admin', 'other', 7] })
      expect(await asking(issuer, { ...settings, scopesClaim: 'roles' })(token)).toMatchObject({
        identity: { tenant: 'bob', scopes: ['admin'] },
      })
    }
  })

  it('that names no tenant is nobody’s here, and one without scopes may nothing', async () => {
    await using issuer = await startIssuer()
    const ask = asking(issuer)
    for (const tenant of [undefined, '', 'Bob', 'a/b', ['bob'], 7])
      expect(await ask(await issuer.sign({ tenant }))).toMatchObject({ outcome: 'homeless' })
    for (const scope of [undefined, '', 'openid email', { read: true }])
      expect(await ask(await issuer.sign({ scope }))).toMatchObject({ identity: { scopes: [] } })
  })

  it('of another issuer is not its affair', async () => {
    await using issuer = await startIssuer()
    const ask = asking(issuer)
    for (const token of [await issuer.sign({ iss: 'https://other.example' }), 'abc', 'a.b.c', ''])
      expect(await ask(token)).toEqual({ outcome: 'unknown' })
    expect(issuer.asked()).toBe(0)
  })

  it('for another audience, from the future, or without an end is refused', async () => {
    await using issuer = await startIssuer()
    const ask = asking(issuer)
    const wrong = [
      [{ aud: 'other' }, 'aud'],
      [{ aud: undefined }, 'aud'],
      [{ aud: ['other', 'tychos'] }, 'aud'],
      [{ nbf: seconds() + 120 }, 'nbf'],
      [{ exp: undefined }, 'exp'],
      [{ sub: undefined }, 'sub'],
    ] as const
    for (const [claims, claim] of wrong)
      expect(await ask(await issuer.sign({ ...claims } as JWTPayload))).toMatchObject({
        outcome: 'refused',
        code: 'TOKEN_INVALID',
        message: expect.stringContaining(claim),
      })
    expect(await ask(await issuer.sign({ aud: ['other', audience] }))).toMatchObject({
      outcome: 'identified',
    })
  })

  it('that has expired is told so, with some patience for clocks', async () => {
    await using issuer = await startIssuer()
    const ask = asking(issuer)
    expect(await ask(await issuer.sign({ exp: seconds() - 60 }))).toMatchObject({ code: 'TOKEN_EXPIRED' })
    expect(await ask(await issuer.sign({ exp: seconds() - 5 }))).toMatchObject({ outcome: 'identified' })
  })

  it('that somebody else signed, or changed, is refused', async () => {
    await using issuer = await startIssuer()
    const ask = asking(issuer)
    const stranger = await createKey()
    const claims = {
      iss: issuer.url,
      aud: audience,
      sub: 'a',
      tenant: 'bob',
      scope: 'admin',
      exp: seconds() + 60,
    }
    const [head = '', , signature = ''] = (await issuer.sign()).split('.')
    const forged = [
      await issuer.sign({}, stranger),
      await issuer.sign({}, { ...stranger, kid: issuer.key().kid }),
      `${head}.${segment(claims)}.${signature}`,
      `${head}.${segment(claims)}.`,
    ]
    for (const token of forged) expect(await ask(token)).toMatchObject({ code: 'TOKEN_INVALID' })
  })

  it('signed with nothing, or with the public key as a secret, is refused', async () => {
    await using issuer = await startIssuer()
    const ask = asking(issuer)
    const { kid, publicJwk } = issuer.key()
    const claims = segment({ iss: issuer.url, aud: audience, sub: 'a', tenant: 'bob', exp: seconds() + 60 })
    const key = await importJWK(publicJwk, 'RS256', { extractable: true })
    const pem = await exportSPKI(key as Parameters<typeof exportSPKI>[0])
    const forged = (['none', 'None', 'HS256'] as const).map((alg) => {
      const signed = `${segment({ alg, kid })}.${claims}`
      const mac = createHmac('sha256', pem).update(signed).digest('base64url')
      return alg === 'HS256' ? `${signed}.${mac}` : `${signed}.`
    })
    for (const token of forged) expect(await ask(token)).toMatchObject({ code: 'TOKEN_INVALID' })
  })

  it('is taken with a new key at once, and no more with one that the issuer has given up', async () => {
    await using issuer = await startIssuer()
    const ask = asking(issuer)
    const old = issuer.key()
    expect(await ask(await issuer.sign())).toMatchObject({ outcome: 'identified' })
    for (const alg of ['ES256', 'EdDSA', 'PS256']) {
      await issuer.rotate(alg)
      expect(await ask(await issuer.sign())).toMatchObject({ outcome: 'identified' })
    }
    expect(await ask(await issuer.sign({}, old))).toMatchObject({ code: 'TOKEN_INVALID' })
  })
})

describe('while the issuer is away', () => {
  it('nothing can be said of its tokens, unless its keys are known', async () => {
    await using issuer = await startIssuer()
    const ask = asking(issuer)
    const token = await issuer.sign()
    for (const status of [500, 404]) {
      issuer.answerWith(status)
      await expect(ask(token)).rejects.toMatchObject({ code: 'ISSUER_UNAVAILABLE', status: 503 })
    }
    issuer.answerWith(null)
    expect(await ask(token)).toMatchObject({ outcome: 'identified' })
    await issuer.close()
    expect(await ask(token)).toMatchObject({ outcome: 'identified' })
    await expect(asking(issuer)(token)).rejects.toMatchObject({ code: 'ISSUER_UNAVAILABLE' })
    await expect(asking(issuer, { jwksUrl: `${issuer.url}/keys` })(token)).rejects.toMatchObject({
      code: 'ISSUER_UNAVAILABLE',
      status: 503,
    })
  })

  it('nor where another one answers in its place', async () => {
    await using issuer = await startIssuer()
    const name = `${issuer.url}/realm`
    const token = await issuer.sign({ iss: name })
    await expect(asking(issuer, { issuer: name })(token)).rejects.toMatchObject({
      code: 'ISSUER_UNAVAILABLE',
    })
  })
})
