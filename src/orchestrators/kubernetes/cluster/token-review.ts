// Asks the cluster whose token this is (authentication.k8s.io/v1, TokenReview).
import type { Client } from './client.ts'

type TokenReview = {
  status?: { authenticated?: boolean; user?: { username?: string }; audiences?: string[] }
}

/**
 * Answers the user's name, or null where the token is not good, or for none of the audiences. A cluster that does not
 * know of audiences names none: then nobody has compared them. Throws TychoError where the cluster can't tell.
 */
export async function reviewToken(
  client: Client,
  token: string,
  audiences: readonly string[],
  signal: AbortSignal,
): Promise<string | null> {
  const { status = {} } = await client.request<TokenReview>(
    {
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/tokenreviews',
      body: {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenReview',
        spec: { token, ...(audiences.length > 0 && { audiences }) },
      },
      context: { subject: 'TokenReview' },
    },
    signal,
  )
  if (status.authenticated !== true) return null
  const isMeant = audiences.length === 0 || audiences.some((one) => status.audiences?.includes(one))
  return isMeant ? (status.user?.username ?? null) : null
}
