// Problems as a compiler prints them: place, severity, code, sentence, and the line of the file.
import { dirname, join } from 'node:path'
import type { Problem, Severity } from '../problem.ts'
import type { Paint, Style } from './paint.ts'
import { composeFilesOf, type Source } from './source.ts'

const styles = { error: 'red', warning: 'yellow', info: 'cyan' } as const satisfies Record<Severity, Style>

/** The server knows no file names: its problems with the ones that the user knows. */
export function withFileOf(problems: readonly Problem[], source: Source | null): Problem[] {
  return problems.map((problem) =>
    source && problem.file ? { ...problem, file: fileOf(problem, source).label } : problem,
  )
}

/** The file that a problem is in: one of several `-f` by its number, or one that came with them by its path. */
function fileOf({ file }: Problem, source: Source): { label: string; text: string } {
  const index = Number(/^compose\[(\d+)\]$/.exec(file ?? '')?.[1] ?? 0)
  const content = file === undefined ? undefined : source.files?.[file]
  if (file === undefined || content === undefined) return composeFilesOf(source)[index] ?? source
  const folder = source.path === null ? '.' : dirname(source.path)
  return { label: join(folder, file), text: typeof content === 'string' ? content : '' }
}

/** Lines longer than this are cut in the excerpt: minified JSON is Compose too. */
const excerptLength = 160

/** One or more lines for each problem; `source` is the file that was sent. */
export function printProblems(problems: readonly Problem[], source: Source | null, paint: Paint): string[] {
  return problems.flatMap((problem) => [
    `${placeOf(problem, source)}${paint(styles[problem.severity], problem.severity)} ${headOf(problem)}: ${problem.message}`,
    ...excerptOf(problem, source, paint),
  ])
}

function placeOf(problem: Problem, source: Source | null): string {
  const file = source ? fileOf(problem, source).label : problem.file
  if (file === undefined) return ''
  const place = [file, problem.line, problem.column].filter((part) => part !== undefined)
  return `${place.join(':')}: `
}

function headOf(problem: Problem): string {
  return problem.path === '' ? problem.code : `${problem.code} ${problem.path}`
}

function excerptOf(problem: Problem, source: Source | null, paint: Paint): string[] {
  const lines = source ? fileOf(problem, source).text.split(/\r\n|\n|\r/) : []
  const line = lines[(problem.line ?? 0) - 1]
  if (line === undefined || problem.column === undefined) return []
  const start = problem.column > excerptLength ? problem.column - excerptLength / 2 : 0
  const shown = line.slice(start, start + excerptLength)
  // Tabs stay tabs, so that the mark stands below its place whatever their width.
  const indent = shown.slice(0, problem.column - 1 - start).replace(/[^\t]/g, ' ')
  return [`    ${shown}`, `    ${indent}${paint(styles[problem.severity], '^')}`]
}
