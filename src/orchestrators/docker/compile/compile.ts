// The entrance: a checked system and the facts of an engine in, Manifests in stages out. Pure.
import { hasErrors, type Problem } from '../../../problem.ts'
import type { Compiled, CompileInput, Stage } from '../../orchestrator.ts'
import { CURRENT_ENGINE, type EngineFacts } from '../facts.ts'
import { type Context, toContext } from './context.ts'
import { toObjectNames } from './object-names.ts'
import { toStages } from './stages.ts'

/**
 * Deterministic: the same input gives the same output. The body of each Manifest is an `EngineObject`. No stages where a
 * Problem is an error: what is refused is not half made. They are worked out when they are first read.
 */
export function compile(input: CompileInput, facts: EngineFacts = CURRENT_ENGINE): Compiled {
  const context = toContext(input, facts)
  const problems = check(context)
  let stages: Stage[] | null = null
  return {
    problems,
    objectNames: toObjectNames(context),
    get stages() {
      stages ??= hasErrors(problems) ? [] : toStages(context)
      return stages
    },
  }
}

/** The names that `compile` gives, without its manifests and its checks. */
export function objectNamesOf(input: CompileInput, facts: EngineFacts = CURRENT_ENGINE): string[] {
  return toObjectNames(toContext(input, facts))
}

function check(_context: Context): Problem[] {
  return []
}
