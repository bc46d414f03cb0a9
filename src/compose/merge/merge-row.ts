// One rule of how a later file changes an earlier one.
import type { Node } from '../node.ts'

/**
 * `replace`: the later value stands alone. `pairs`: a map, or a list of `key=value`. `hosts`: the same with several
 * values for a key. `texts`: a text, or a list of those. `names`: a map, or a list of its keys. `build`: a map, or its
 * `context`. `logging`: options of one driver mean nothing to another. `subnets`: a list of maps with `subnet`.
 */
export type MergeForm = 'replace' | 'pairs' | 'hosts' | 'texts' | 'names' | 'build' | 'logging' | 'subnets'

/** What makes two items of a list the same; null: this one is like no other. */
export type Identity = (item: Node) => string | null

export type MergeRow = { path: string; form?: MergeForm; identity?: Identity }
