// What a caller that is not let in has to show (RFC 6750, section 3).
import type { TychoError } from '../problem.ts'

const realm = 'Bearer realm="tycho"'

/** The value of `WWW-Authenticate`; null: the refusal has nothing to do with who calls. */
export function challengeOf({ code, message, details }: TychoError): string | null {
  switch (code) {
    case 'UNAUTHENTICATED':
      return realm
    case 'TOKEN_INVALID':
    case 'TOKEN_EXPIRED':
      return `${realm}, error="invalid_token", error_description="${message}"`
    case 'INSUFFICIENT_SCOPE':
      return `${realm}, error="insufficient_scope", scope="${details.scope}"`
    default:
      return null
  }
}
