// What is wrong with a file, told without its secrets: a value that was filled in may stand where a name should.
import type { Problem } from '../../problem.ts'
import { createMasker, namedSecrets, secretValuesOf } from '../../system/secret-values.ts'
import type { SystemSpec } from '../../system/spec.ts'

/** `spec`: what could be read of the file; null where it was given up before. */
export function maskProblems(
  problems: Problem[],
  env: Readonly<Record<string, string>>,
  spec: SystemSpec | null,
): Problem[] {
  if (problems.length === 0) return problems
  const values = [...namedSecrets(env), ...(spec ? secretValuesOf(spec) : [])]
  if (values.length === 0) return problems
  const mask = createMasker(values)
  // A short form makes a key of it, which is a step of the path.
  return problems.map((problem) => ({
    ...problem,
    path: mask(problem.path),
    message: mask(problem.message),
  }))
}
