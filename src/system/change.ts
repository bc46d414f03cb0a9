// What an apply or a removal did.
import { type Static, Type } from 'typebox'

export const Change = Type.Object({
  subject: Type.String(),
  action: Type.Union([
    Type.Literal('created'),
    Type.Literal('configured'),
    Type.Literal('unchanged'),
    Type.Literal('recreated'),
    Type.Literal('deleted'),
  ]),
})
export type Change = Static<typeof Change>

/** What was done, in order. Subjects read `Deployment/web`. */
export type ChangeSet = Change[]

/** Adds later changes to earlier ones: one entry per subject; a repeat that found its own work keeps what the first did. */
export function mergeChanges(earlier: ChangeSet, later: ChangeSet): ChangeSet {
  const merged = new Map(earlier.map((change) => [change.subject, change]))
  for (const change of later) {
    if (change.action === 'unchanged' && merged.has(change.subject)) continue
    merged.set(change.subject, change)
  }
  return [...merged.values()]
}
