// What is the operator's: tokens, and the examination of the cluster.
import { type Connection, listOf } from './connection.ts'
import type { Doctor, IssuedToken, Stray, Token, TokenPage, TokenRequest } from './shapes.ts'

export function operatorRequests(connection: Connection) {
  const { ask } = connection
  return {
    async doctor(): Promise<Doctor> {
      return (await ask({ method: 'GET', path: '/v1/doctor' })).body as Doctor
    },

    /** `objects`: uids. Answers what is being removed. */
    async removeStrays(objects: readonly string[]): Promise<Stray[]> {
      const answer = await ask({ method: 'POST', path: '/v1/doctor/remove', body: { objects } })
      return (answer.body as { strays: Stray[] }).strays
    },

    /** The only answer that holds the token itself. */
    async createToken(request: TokenRequest): Promise<IssuedToken> {
      return (await ask({ method: 'POST', path: '/v1/tokens', body: request })).body as IssuedToken
    },

    /** Newest first; `tenant` left out: of all. */
    tokens(tenant?: string): Promise<Token[]> {
      return listOf<TokenPage, Token>(
        connection,
        '/v1/tokens',
        { filter: { tenant } },
        ({ tokens }) => tokens,
      )
    },

    async revokeToken(id: string): Promise<void> {
      await ask({ method: 'DELETE', path: `/v1/tokens/${encodeURIComponent(id)}` })
    },
  }
}
