// What is found out about a bearer token.
import type { Identity } from './tenant.ts'

/**
 * `refused`: it is not good, or not any more. `homeless`: it is good, but nothing says for which tenant. `unknown`: it
 * is of another kind than the one who was asked knows.
 */
export type Verdict =
  | { outcome: 'identified'; identity: Identity }
  | { outcome: 'refused'; code: 'TOKEN_INVALID' | 'TOKEN_EXPIRED'; message: string }
  | { outcome: 'homeless'; message: string }
  | { outcome: 'unknown' }

/** Looks at one kind of token. Throws UnavailableError where it can't be told now. */
export type Authenticator = (token: string) => Promise<Verdict>

export function invalid(message: string): Verdict {
  return { outcome: 'refused', code: 'TOKEN_INVALID', message }
}

export function expired(message: string): Verdict {
  return { outcome: 'refused', code: 'TOKEN_EXPIRED', message }
}

/** The first verdict of somebody who knows tokens of this kind. */
export async function firstVerdict(
  authenticators: readonly Authenticator[],
  token: string,
): Promise<Verdict> {
  for (const authenticate of authenticators) {
    const verdict = await authenticate(token)
    if (verdict.outcome !== 'unknown') return verdict
  }
  return invalid('The token is of no kind that this server knows')
}
