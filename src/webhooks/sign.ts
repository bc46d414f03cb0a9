// Signatures by Standard Webhooks 1.0, and the secrets that make them.
import { randomBytes } from 'node:crypto'
import { Webhook } from 'standardwebhooks'

/** `whsec_` and 32 random bytes in base64 (the specification asks for 24 to 64). */
export function createSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}

/** `at`: of the attempt, milliseconds since the epoch. One signature for each secret that is valid then. */
export function signedHeaders(
  message: { id: string; body: string; secrets: readonly string[] },
  at: number,
): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const { id, body, secrets } = message
  const sign = (secret: string) => new Webhook(secret).sign(id, new Date(at), body)
  return {
    'webhook-id': id,
    'webhook-timestamp': `${Math.floor(at / 1000)}`,
    'webhook-signature': secrets.map(sign).join(' '),
  }
}
