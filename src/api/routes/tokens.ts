// For the operator: who may call.
import { toTime } from '../../jobs/job-view.ts'
import type { RequestKey } from '../../store/request-keys.ts'
import type { TokenRecord } from '../../system/access.ts'
import { createToken } from '../../tenants/token.ts'
import { apiError } from '../api-error.ts'
import type { App } from '../app-types.ts'
import type { ApiContext } from '../context.ts'
import { once, repeated } from '../idempotency.ts'
import { filteredPage, fromPageToken, toPageToken } from '../pages.ts'
import { ref } from '../schemas/components.ts'
import { KeyedHeaders } from '../schemas/idempotency.ts'
import { refusals } from '../schemas/refusals.ts'
import {
  type IssuedToken,
  type Token,
  type TokenPage,
  TokenParams,
  TokenRequest,
  TokensQuery,
} from '../schemas/token.ts'

const tags = ['tokens']
const config = { scope: 'admin' as const }

export async function tokenRoutes(scope: App, context: ApiContext): Promise<void> {
  addCreateRoute(scope, context)
  addListRoute(scope, context)
  addShowRoute(scope, context)
  addRevokeRoute(scope, context)
}

function addCreateRoute(scope: App, context: ApiContext): void {
  const created = {
    ...ref<IssuedToken>('IssuedToken', 'The token; its secret is shown this once'),
    headers: { Location: { type: 'string', description: 'Where it is shown without its secret' } },
  }
  scope.post(
    '/tokens',
    {
      config,
      schema: {
        tags,
        summary: 'Make a token for a tenant (operator)',
        headers: KeyedHeaders,
        body: TokenRequest,
        response: { 201: created, ...refusals('SECRET_SHOWN') },
      },
    },
    async (request, reply) => {
      const issued = await once(context, request, reply, {
        first: (key) => issueToken(context, request.body, key),
        again: async (id) => {
          throw secretShown(id)
        },
      })
      reply.code(201).header('location', `/v1/tokens/${issued.id}`).header('cache-control', 'no-store')
      return reply.send(issued)
    },
  )
}

async function issueToken(
  { store, ids }: ApiContext,
  { tenant, scopes = ['write'], description = '', ttlSeconds }: TokenRequest,
  key: RequestKey | null,
): Promise<IssuedToken> {
  const id = ids.token()
  const { token, secretHash } = createToken(id)
  const createdAt = Date.now()
  const expiresAt = ttlSeconds === undefined ? null : createdAt + ttlSeconds * 1000
  const record = { id, secretHash, tenant, scopes: [...new Set(scopes)], description, createdAt, expiresAt }
  if (!(await store.tokens.add(record, key))) throw repeated()
  return { ...toView(record), token }
}

function secretShown(id: string) {
  const message = `This Idempotency-Key has made token ${id}, whose secret was shown then; if it is lost, revoke that one and make another under a new key`
  return apiError('SECRET_SHOWN', message)
}

function addListRoute(scope: App, { store }: ApiContext): void {
  scope.get(
    '/tokens',
    {
      config,
      schema: {
        tags,
        summary: 'List the tokens of all tenants, newest first (operator)',
        querystring: TokensQuery,
        response: { 200: ref<TokenPage>('TokenPage', 'One page'), ...refusals('INVALID_PAGE_TOKEN') },
      },
    },
    async ({ query: { pageSize = 50, pageToken, tenant } }): Promise<TokenPage> => {
      const { items, next } = await filteredPage<TokenRecord>({
        after: fromPageToken('tokens', pageToken),
        size: pageSize,
        read: store.tokens.list,
        keep: (token) => tenant === undefined || token.tenant === tenant,
        keyOf: (token) => token.id,
      })
      return {
        tokens: items.map(toView),
        ...(next !== null && { nextPageToken: toPageToken('tokens', next) }),
      }
    },
  )
}

function addShowRoute(scope: App, { store }: ApiContext): void {
  scope.get(
    '/tokens/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Show a token without its secret (operator)',
        params: TokenParams,
        response: { 200: ref<Token>('Token', 'The token'), ...refusals('TOKEN_NOT_FOUND') },
      },
    },
    async ({ params: { id } }): Promise<Token> => {
      const found = await store.tokens.read(id)
      if (!found) throw notFound(id)
      return toView(found)
    },
  )
}

function addRevokeRoute(scope: App, { store }: ApiContext): void {
  const revoked = { description: 'It is good for nothing any more', type: 'null' as const }
  scope.delete(
    '/tokens/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Revoke a token, at once and for good (operator)',
        params: TokenParams,
        response: { 204: revoked, ...refusals('TOKEN_NOT_FOUND') },
      },
    },
    async ({ params: { id } }, reply) => {
      if (!(await store.tokens.revoke(id))) throw notFound(id)
      return reply.code(204).send(null)
    },
  )
}

function notFound(id: string) {
  return apiError('TOKEN_NOT_FOUND', `There is no token ${id}`)
}

function toView({ id, tenant, scopes, description, createdAt, expiresAt }: TokenRecord): Token {
  return {
    id,
    tenant,
    scopes: [...scopes],
    description,
    createdAt: toTime(createdAt),
    ...(expiresAt !== null && { expiresAt: toTime(expiresAt) }),
  }
}
