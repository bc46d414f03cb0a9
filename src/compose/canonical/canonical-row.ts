// One rule of the canonical form: where a short form may stand, and the long form that it means.

import type { ComposeLimits } from '../limits.ts'
import type { Meter } from '../meter.ts'
import type { Node } from '../node.ts'
import type { Reporter } from '../report.ts'

export type CanonicalContext = { reporter: Reporter; limits: ComposeLimits; meter: Meter }

/** Where the node stands; its path is put together when it is asked for. */
export type Place = { readonly path: string }

/** The long form of a node that is typed already; what can't be read is reported, and left out of the answer. */
export type ToLong = (node: Node, place: Place, context: CanonicalContext) => Node

/** `path`: a pattern, as in the table of keys. Rows of what is inside follow that of the whole. */
export type CanonicalRow = { path: string; about: string; toLong: ToLong }
