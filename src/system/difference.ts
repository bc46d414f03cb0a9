// What of a system is not as it was applied: somebody else has changed or deleted it.
import { type Static, Type } from 'typebox'

/** `subject`: the object; `message`: what of it, in a sentence without values that may be secret. */
export const Difference = Type.Object({ subject: Type.String(), message: Type.String() })
export type Difference = Static<typeof Difference>
