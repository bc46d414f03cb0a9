// One rule about the whole of a system, after its parts were read.
import type { SystemSpec } from '../../system/spec.ts'
import type { ComposeLimits } from '../limits.ts'
import type { MapNode } from '../node.ts'
import type { Reporter } from '../report.ts'

/** `root` is the file as written, variables filled in: what has no place in the spec can be seen there. */
export type CheckInput = { spec: SystemSpec; root: MapNode; reporter: Reporter; limits: ComposeLimits }

export type Check = { about: string; check(input: CheckInput): void }
