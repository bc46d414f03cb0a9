// What all that loads files shares, and what one set of them is read with.
import type { Environment } from '../interpolate.ts'
import type { Rule } from '../keys/grammar.ts'
import type { ComposeLimits } from '../limits.ts'
import type { Meter } from '../meter.ts'
import type { Node } from '../node.ts'
import type { Reporter } from '../report.ts'
import type { Sources } from '../sources.ts'
import type { ProjectFiles } from './project-files.ts'

export type LoadContext = {
  limits: ComposeLimits
  sources: Sources
  reporter: Reporter
  files: ProjectFiles
  meter: Meter
  /** The grammar of all keys, for what is read before the whole is checked. */
  grammar: Rule
  /** Files that were read already, by path. */
  documents: Map<string, readonly Node[]>
  /** The values of variables that are called like secrets, of every project. */
  namedValues: Set<string>
}

/** The files that make one project: those of the request, or those of one `include`. */
export type Project = {
  /** Where relative paths start, itself relative to the request's project directory. */
  directory: string
  environment: Environment
  /** The files whose `include` led here, outermost first. */
  trail: readonly string[]
}
