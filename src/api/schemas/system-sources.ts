// What a system was started from, and what became of it, as the API shows it.
import { type Static, Type } from 'typebox'

const Masked = Type.Unsafe<string | { base64: string }>({ type: ['string', 'object'] })

export const SentCompose = Type.Object(
  {
    compose: Type.Unsafe<unknown>({
      type: ['string', 'object', 'array'],
      description: 'The Compose files as they were sent: text, an object, or a list of those',
    }),
    env: Type.Record(Type.String(), Type.String()),
    files: Type.Record(Type.String(), Masked),
    profiles: Type.Optional(Type.Array(Type.String())),
  },
  {
    description:
      'The request of the last start or PUT. Each character of a secret value is a `•`, so that lengths, lines and columns are as they were.',
  },
)
export type SentCompose = Static<typeof SentCompose>

export const AppliedManifests = Type.Object({
  manifests: Type.Array(Type.Record(Type.String(), Type.Unknown()), {
    description: 'The objects, in the order of their making; secret values are masked with `•`',
  }),
})
export type AppliedManifests = Static<typeof AppliedManifests>
