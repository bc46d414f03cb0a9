// Tokens over HTTP.
import { type Static, Type } from 'typebox'
import { SCOPES, type Scope, TENANT_NAME } from '../../system/access.ts'
import { pageQuery } from './queries.ts'

const strict = { additionalProperties: false }

const TokenScope = Type.Unsafe<Scope>({ type: 'string', enum: [...SCOPES] })

const TenantName = Type.String({ pattern: TENANT_NAME })

export const TokenRequest = Type.Object(
  {
    tenant: TenantName,
    scopes: Type.Optional(
      Type.Array(TokenScope, {
        minItems: 1,
        maxItems: SCOPES.length,
        description:
          '`read` sees, `write` also starts, changes and stops, `admin` is also the operator; left out: `write`',
      }),
    ),
    description: Type.Optional(Type.String({ maxLength: 200, description: 'For whom, or for what' })),
    ttlSeconds: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10 * 366 * 24 * 3600,
        description: 'How long it is good; left out: until it is revoked',
      }),
    ),
  },
  strict,
)
export type TokenRequest = Static<typeof TokenRequest>

const shown = {
  id: Type.String(),
  tenant: Type.String(),
  scopes: Type.Array(TokenScope),
  description: Type.String(),
  createdAt: Type.String({ format: 'date-time' }),
  expiresAt: Type.Optional(Type.String({ format: 'date-time' })),
}

export const Token = Type.Object(shown, { description: 'A token, without its secret' })
export type Token = Static<typeof Token>

export const IssuedToken = Type.Object(
  { ...shown, token: Type.String({ description: 'What its owner sends; shown this once' }) },
  { description: 'A new token' },
)
export type IssuedToken = Static<typeof IssuedToken>

export const TokenPage = Type.Object({
  tokens: Type.Array(Token),
  nextPageToken: Type.Optional(Type.String()),
})
export type TokenPage = Static<typeof TokenPage>

export const TokensQuery = Type.Object({ ...pageQuery, tenant: Type.Optional(TenantName) }, strict)

export const TokenParams = Type.Object({ id: Type.String({ pattern: '^[0-9a-z]{26}$' }) })
