// Tokens of the cluster's ServiceAccounts: the cluster says whose one is, and the policy file for whom that one speaks.
import { decodeJwt } from 'jose'
import { UnavailableError } from '../problem.ts'
import type { Tenancy } from './tenancy.ts'
import { hashOf } from './token.ts'
import { type Authenticator, invalid, type Verdict } from './verdict.ts'

/** Answers the user's name; null: the token is not good, or not for any of the audiences (none: the cluster's own). */
export type ReviewToken = (
  token: string,
  audiences: readonly string[],
  signal: AbortSignal,
) => Promise<string | null>

export type AccountSettings = { tenancy: Tenancy; audience: string | null; review: ReviewToken }

const reviewMs = 5_000
const goodMs = 30_000
const badMs = 10_000
const maxKnown = 10_000

type Known = { reading: Promise<Verdict>; until: number }

/** Throws UnavailableError (TOKEN_REVIEW_UNAVAILABLE) where the cluster can't tell. Its word is kept for half a minute. */
export function createAccountTokens(settings: AccountSettings): Authenticator {
  const known = new Map<string, Known>()
  return async (token) => {
    const claims = settings.tenancy.hasAccounts ? claimsOf(token) : null
    if (!claims) return { outcome: 'unknown' }
    const hash = hashOf(token)
    const found = known.get(hash)
    if (found && found.until > Date.now()) return found.reading
    if (known.size >= maxKnown) known.clear()
    const reading = review(token, settings)
    const entry = { reading, until: Number.POSITIVE_INFINITY }
    known.set(hash, entry)
    const endsAt = (claims.exp ?? Number.POSITIVE_INFINITY) * 1000
    reading.then(
      ({ outcome }) => {
        entry.until = Math.min(endsAt, Date.now() + (outcome === 'identified' ? goodMs : badMs))
      },
      () => known.delete(hash),
    )
    return reading
  }
}

/** Null where it is no JWT: the cluster is not asked about anything else. Its end is believed once the cluster does. */
function claimsOf(token: string): { exp?: number | undefined } | null {
  try {
    return decodeJwt(token)
  } catch {
    return null
  }
}

async function review(token: string, { tenancy, audience, review }: AccountSettings): Promise<Verdict> {
  const audiences = audience === null ? [] : [audience]
  const user = await review(token, audiences, AbortSignal.timeout(reviewMs)).catch(unavailable)
  if (user === null) return invalid('The cluster does not take the token for this server, or not any more')
  const [, namespace = '', name = ''] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? []
  const account = tenancy.accountOf(namespace, name)
  if (!account) return { outcome: 'homeless', message: `No tenant is named for ${user}` }
  const { tenant, scopes } = account
  return { outcome: 'identified', identity: { tenant, scopes, caller: `account:${namespace}/${name}` } }
}

/** The caller, whom nobody knows, is not told what the cluster says. */
function unavailable(cause: unknown): never {
  throw new UnavailableError('TOKEN_REVIEW_UNAVAILABLE', 'The cluster can not check the token now', { cause })
}
