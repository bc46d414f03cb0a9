// Problems as a compiler prints them: place, severity, code, sentence, and the line of the file.
import type { Problem, Severity } from '../problem.ts'
import type { Paint, Style } from './paint.ts'
import type { Source } from './source.ts'

const styles = { error: 'red', warning: 'yellow', info: 'cyan' } as const satisfies Record<Severity, Style>

/** The server knows no file names: its problems with the one that the user knows. */
export function withFileOf(problems: readonly Problem[], source: Source | null): Problem[] {
  return problems.map((problem) => (source && problem.file ? { ...problem, file: source.label } : problem))
}

/** Lines longer than this are cut in the excerpt: minified JSON is Compose too. */
const excerptLength = 160

/** One or more lines for each problem; `source` is the file that was sent. */
export function printProblems(problems: readonly Problem[], source: Source | null, paint: Paint): string[] {
  const lines = source?.text.split(/\r\n|\n|\r/) ?? []
  return problems.flatMap((problem) => [
    `${placeOf(problem, source)}${paint(styles[problem.severity], problem.severity)} ${headOf(problem)}: ${problem.message}`,
    ...excerptOf(problem, lines, paint),
  ])
}

function placeOf(problem: Problem, source: Source | null): string {
  const file = source?.label ?? problem.file
  if (file === undefined) return ''
  const place = [file, problem.line, problem.column].filter((part) => part !== undefined)
  return `${place.join(':')}: `
}

function headOf(problem: Problem): string {
  return problem.path === '' ? problem.code : `${problem.code} ${problem.path}`
}

function excerptOf(problem: Problem, lines: readonly string[], paint: Paint): string[] {
  const line = lines[(problem.line ?? 0) - 1]
  if (line === undefined || problem.column === undefined) return []
  const start = problem.column > excerptLength ? problem.column - excerptLength / 2 : 0
  const shown = line.slice(start, start + excerptLength)
  // Tabs stay tabs, so that the mark stands below its place whatever their width.
  const indent = shown.slice(0, problem.column - 1 - start).replace(/[^\t]/g, ' ')
  return [`    ${shown}`, `    ${indent}${paint(styles[problem.severity], '^')}`]
}
