// An OpenID Connect issuer on loopback: discovery, a key set that can be changed, and tokens of every kind.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'

type Key = { kid: string; alg: string; privateKey: CryptoKey; publicJwk: JWK }

export type Issuer = AsyncDisposable & {
  url: string
  /** The key that signs now. */
  key(): Key
  /** Signs with a new key from now on; the old one is not in the set any more. */
  rotate(alg?: string): Promise<void>
  /** A token that is good for everything unless `claims` say otherwise; `key`: another than the issuer's. */
  sign(claims?: JWTPayload, key?: Key): Promise<string>
  /** Answers of the next requests; null: as it should be. */
  answerWith(status: number | null): void
  /** How often the key set was asked for. */
  asked(): number
  close(): Promise<void>
}

export const audience = 'tycho'

export async function createKey(alg = 'RS256'): Promise<Key> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const kid = crypto.randomUUID()
  return { kid, alg, privateKey, publicJwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
}

export async function startIssuer(): Promise<Issuer> {
  let current = await createKey()
  let status: number | null = null
  let asked = 0
  let url = ''
  const server = createServer((request, response) => {
    const isDiscovery = request.url === '/.well-known/openid-configuration'
    if (!isDiscovery) asked += 1
    response.statusCode = status ?? 200
    response.setHeader('content-type', 'application/json')
    const body = isDiscovery ? { issuer: url, jwks_uri: `${url}/keys` } : { keys: [current.publicJwk] }
    response.end(JSON.stringify(status === null ? body : {}))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = async () => {
    server.closeAllConnections()
    if (server.listening) await new Promise((resolve) => server.close(resolve))
  }
  return {
    url,
    key: () => current,
    async rotate(alg) {
      current = await createKey(alg)
    },
    sign: (claims = {}, key = current) =>
      new SignJWT({
        iss: url,
        aud: audience,
        sub: 'somebody',
        exp: Math.floor(Date.now() / 1000) + 300,
        tenant: 'bob',
        scope: 'openid tycho:write',
        ...claims,
      })
        .setProtectedHeader({ alg: key.alg, kid: key.kid })
        .sign(key.privateKey),
    answerWith(next) {
      status = next
    },
    asked: () => asked,
    close,
    [Symbol.asyncDispose]: close,
  }
}
