// One rule about the whole of a system, after its parts were read.
import type { CheckExtension } from '../../system/extensions.ts'
import type { SystemSpec } from '../../system/spec.ts'
import type { ComposeLimits } from '../limits.ts'
import type { MapNode } from '../node.ts'
import type { Reporter } from '../report.ts'

export type CheckInput = {
  spec: SystemSpec
  /** The file as written, variables filled in: what has no place in the spec can be seen here. */
  written: MapNode
  /** The file in long forms: where the parts of the spec came from. */
  root: MapNode
  reporter: Reporter
  limits: ComposeLimits
  checkExtension: CheckExtension
}

export type Check = { about: string; check(input: CheckInput): void }
