// What a compiler gives, of whichever orchestrator.
import { hasErrors, type Problem } from '../../problem.ts'
import type { Compiled, Stage } from '../orchestrator.ts'

/**
 * No stages where a Problem is an error: what is refused is not half made. They are worked out when they are first read:
 * who only checks a file, as each request does, needs none of them.
 */
export function toCompiled(problems: Problem[], objectNames: string[], toStages: () => Stage[]): Compiled {
  let stages: Stage[] | null = null
  return {
    problems,
    objectNames,
    get stages() {
      stages ??= hasErrors(problems) ? [] : toStages()
      return stages
    },
  }
}
