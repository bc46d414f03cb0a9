// Callers with tokens of an OpenID Connect issuer, and with those of the cluster's accounts.
import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { TychoError } from '../../src/problem.ts'
import { toTenancy } from '../../src/tenants/tenancy.ts'
import { audience, startIssuer } from '../kit/issuer.ts'
import { hello, refused, send, testApi } from './kit.ts'

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const list = (token: string) => ({ method: 'GET', url: '/v1/systems', headers: bearer(token) }) as const
const post = (token: string) =>
  ({
    method: 'POST',
    url: '/v1/systems',
    payload: { name: 'demo', compose: hello },
    headers: bearer(token),
  }) as const

describe('a caller with a JWT of the issuer', () => {
  const settings = { audiences: [audience], jwksUrl: null, tenantClaim: 'tenant', scopesClaim: 'scope' }

  it('works for its tenant, and not beyond its scopes', async () => {
    await using issuer = await startIssuer()
    await using api = await testApi({ anonymousTenant: null, oidc: { ...settings, issuer: issuer.url } })
    expect(await send(api, post(await issuer.sign()))).toMatchObject({ status: 202, body: { tenant: 'bob' } })
    expect(await refused(api, post(await issuer.sign({ scope: 'read' })))).toMatchObject({
      status: 403,
      body: { code: 'INSUFFICIENT_SCOPE' },
    })
    expect(await refused(api, post(await issuer.sign({ tenant: undefined })))).toMatchObject({
      status: 403,
      body: { code: 'NO_TENANT' },
    })
    expect(await refused(api, post(await issuer.sign({ aud: 'other' })))).toMatchObject({
      status: 401,
      body: { code: 'TOKEN_INVALID' },
    })
  })

  it('is answered 503 while the issuer is away, and the log says why', async () => {
    await using issuer = await startIssuer()
    await using api = await testApi({ anonymousTenant: null, oidc: { ...settings, issuer: issuer.url } })
    issuer.answerWith(500)
    const token = await issuer.sign()
    for (let times = 0; times < 3; times++)
      expect(await refused(api, list(token))).toMatchObject({
        status: 503,
        headers: { 'retry-after': '5' },
        body: { code: 'ISSUER_UNAVAILABLE' },
      })
    const said = api.lines.filter(({ code, level }) => code === 'ISSUER_UNAVAILABLE' && level === 40)
    expect(said).toHaveLength(1)
    expect(JSON.stringify(said)).toContain('is answered 500')
    expect(JSON.stringify(api.lines)).not.toContain(token.split('.')[2])
    issuer.answerWith(null)
    expect((await send(api, list(token))).status).toBe(200)
  })
})

describe('a caller with the token of an account of the cluster', () => {
  const tenancy = toTenancy({}, {}, [
    { account: 'portal/frontend', tenant: 'bob', scopes: ['write'] },
    { account: 'ci/*', tenant: 'ci', scopes: ['read'] },
  ])
  const key = new Uint8Array(32)
  const sign = (sub: string, lifetimeSeconds = 600) =>
    new SignJWT({ sub, iss: 'https://kubernetes.default.svc' })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(Math.floor(Date.now() / 1000) + lifetimeSeconds)
      .sign(key)

  /** The cluster, as the API sees it: what it says of each token, and how often it was asked. */
  function cluster(answers: Record<string, string | null>) {
    const asked: { token: string; audiences: readonly string[] }[] = []
    const reviewToken = async (token: string, audiences: readonly string[]) => {
      asked.push({ token, audiences })
      return answers[token] ?? null
    }
    return { asked, reading: { reviewToken } }
  }

  it('works for the tenant that the policy file names, and is asked about once in a while', async () => {
    const [frontend, builder] = [await sign('frontend'), await sign('builder')]
    const { asked, reading } = cluster({
      [frontend]: 'system:serviceaccount:portal:frontend',
      [builder]: 'system:serviceaccount:ci:builder',
    })
    await using api = await testApi({ anonymousTenant: null, tenancy, reading, accountAudience: 'tycho' })
    expect(await send(api, post(frontend))).toMatchObject({ status: 202, body: { tenant: 'bob' } })
    for (let times = 0; times < 3; times++) expect((await send(api, list(frontend))).status).toBe(200)
    expect(asked).toEqual([{ token: frontend, audiences: ['tycho'] }])
    expect(await refused(api, post(builder))).toMatchObject({
      status: 403,
      body: { code: 'INSUFFICIENT_SCOPE' },
    })
    expect((await send(api, list(builder))).body).toEqual({ systems: [] })
  })

  it('that is not good, or of whom nothing is said, is not let in', async () => {
    const [stranger, person] = [await sign('stranger'), await sign('person')]
    const { reading } = cluster({ [stranger]: 'system:serviceaccount:else:frontend', [person]: 'jane' })
    await using api = await testApi({ anonymousTenant: null, tenancy, reading })
    for (const token of [stranger, person])
      expect(await refused(api, list(token))).toMatchObject({ status: 403, body: { code: 'NO_TENANT' } })
    expect(await refused(api, list(await sign('forged')))).toMatchObject({
      status: 401,
      body: { code: 'TOKEN_INVALID' },
    })
  })

  it('is asked about again when the token has ended', async () => {
    const token = await sign('frontend', 0)
    const { asked, reading } = cluster({ [token]: 'system:serviceaccount:portal:frontend' })
    await using api = await testApi({ anonymousTenant: null, tenancy, reading })
    await send(api, list(token))
    await send(api, list(token))
    expect(asked).toHaveLength(2)
  })

  it('is not asked about where no account is named, and other tokens never are', async () => {
    const { asked, reading } = cluster({})
    await using open = await testApi({ anonymousTenant: null, reading })
    expect((await refused(open, list(await sign('frontend')))).status).toBe(401)
    await using api = await testApi({ anonymousTenant: null, tenancy, reading })
    for (const token of ['abc', 'a.b.c', `tycho_01m1x6wz4z8xk5vq6n3d8e2r7c_${'a'.repeat(43)}`])
      expect((await refused(api, list(token))).status).toBe(401)
    expect(asked).toEqual([])
  })

  it('is answered 503 while the cluster can not tell, and not what the cluster said', async () => {
    const said = 'tokenreviews is forbidden: User tycho cannot create resource'
    let away = true
    const reviewToken = async () => {
      if (away) throw new TychoError('FORBIDDEN', said, { status: 403 })
      return 'system:serviceaccount:portal:frontend'
    }
    await using api = await testApi({ anonymousTenant: null, tenancy, reading: { reviewToken } })
    const token = await sign('frontend')
    const answer = await refused(api, list(token))
    expect(answer).toMatchObject({
      status: 503,
      headers: { 'retry-after': '5' },
      body: { code: 'TOKEN_REVIEW_UNAVAILABLE' },
    })
    expect(JSON.stringify(answer.body)).not.toContain('forbidden')
    expect(JSON.stringify(api.lines.filter(({ level }) => level === 40))).toContain(said)
    away = false
    expect((await send(api, list(token))).status).toBe(200)
    expect(JSON.stringify(api.lines)).not.toContain(token)
  })
})
