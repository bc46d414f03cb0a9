// What is wrong with a file, told without its secrets: a value that was filled in may stand where a name should.
import { locateProblems, type Positions, type Problem } from '../../problem.ts'
import { createMasker, secretValuesOf } from '../../system/secret-values.ts'
import type { SystemSpec } from '../../system/spec.ts'

/** `secrets` is asked only where there is something to tell. */
export function maskProblems(problems: Problem[], secrets: () => readonly string[]): Problem[] {
  if (problems.length === 0) return problems
  const values = secrets()
  if (values.length === 0) return problems
  const mask = createMasker(values)
  // A short form makes a key of it, which is a step of the path.
  return problems.map((problem) => ({
    ...problem,
    path: mask(problem.path),
    message: mask(problem.message),
  }))
}

/** What was found later about a spec: with its places in the file, and without the secrets of the spec. */
export function tellProblems(
  problems: readonly Problem[],
  { spec, positions }: { spec: SystemSpec; positions: Positions },
): Problem[] {
  return maskProblems(locateProblems(problems, positions), () => secretValuesOf(spec))
}
