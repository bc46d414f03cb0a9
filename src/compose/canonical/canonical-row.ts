// One rule of the canonical form: where a short form may stand, and the long form that it means.

import type { ComposeLimits } from '../limits.ts'
import type { Node } from '../node.ts'
import type { Reporter } from '../report.ts'

export type CanonicalContext = { reporter: Reporter; limits: ComposeLimits }

export type CanonicalRow = {
  /** A key of a service. */
  key: string
  about: string
  /** The long form. `node` is typed already; what can't be read is reported, and left out of the answer. */
  toLong(node: Node, path: string, context: CanonicalContext): Node
}
