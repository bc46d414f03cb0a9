// Problems of files that were read here, on standard error.
import type { Problem } from '../../problem.ts'
import type { Output } from '../output.ts'
import { printProblems } from '../problems.ts'
import type { Source } from '../source.ts'

/** Each Problem with the line of its file. */
export function noteProblems(problems: readonly Problem[], sources: readonly Source[], output: Output): void {
  for (const problem of problems) {
    const source = sources.find(({ label }) => label === problem.file) ?? null
    for (const line of printProblems([problem], source, output.paint.note)) output.note(line)
  }
}
