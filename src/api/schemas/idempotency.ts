// How the routes say in the OpenAPI document what an `Idempotency-Key` does there.
import { Type } from 'typebox'
import { PreferHeaders } from './queries.ts'

const idempotencyKey = Type.Optional(
  Type.String({
    description:
      'The same key with the same request again answers what the first one made, with `Idempotent-Replayed: true`; kept as long as that. A string in quotes (RFC 9651), or 1 to 255 visible characters',
    examples: ['"8e03978e-40d5-43dd-bc93-6894a57f9324"'],
  }),
)

/** Headers of a POST that honours the key. */
export const KeyedHeaders = Type.Object({ 'idempotency-key': idempotencyKey })

/** The same for one that answers a job. */
export const KeyedPreferHeaders = Type.Object({
  ...PreferHeaders.properties,
  'idempotency-key': idempotencyKey,
})

/** Headers of the answers of such a POST. */
export const replayHeaders = {
  'Idempotent-Replayed': {
    type: 'string',
    description:
      '`true` where a request before this one, with the same `Idempotency-Key`, made what is answered',
  },
}

/** Description of a POST that does not need the key; `because` ends the sentence. */
export function keyHasNoEffect(because: string): string {
  return `An \`Idempotency-Key\` has no effect: ${because}.`
}
