// Collects the Problems of one file, bounded, and puts them in the order of the file.
import { type Position, type Positions, type Problem, positionOf, type Severity } from '../problem.ts'
import type { Sources } from './sources.ts'

/** `at` is a place of `Sources`; left out: the place of `path`. `severity` left out: error. */
export type Finding = { code: string; path: string; message: string; severity?: Severity; at?: number }

export type Reporter = {
  report(finding: Finding): void
  hasErrors(): boolean
  /** Whether an error was reported for exactly this path: a second one about it would be noise. */
  hasErrorAt(path: string): boolean
  /** True once further findings are only counted; costly advice can be left out then. */
  isFull(): boolean
  /** Everything found, by file, line and column; what has no place comes last, in the order it was found. */
  problems(sources: Sources, positions: () => Positions): Problem[]
}

export function createReporter(limit: number): Reporter {
  const findings: Finding[] = []
  const errorPaths = new Set<string>()
  let errors = 0
  let leftOut = 0
  return {
    report(finding) {
      if ((finding.severity ?? 'error') === 'error') {
        errors += 1
        errorPaths.add(finding.path)
      }
      if (findings.length < limit) findings.push(finding)
      else leftOut += 1
    },
    hasErrors: () => errors > 0,
    hasErrorAt: (path) => errorPaths.has(path),
    isFull: () => findings.length >= limit,
    problems(sources, positions) {
      const problems = findings
        .map((finding) => toProblem(finding, sources, positions))
        .sort(byPosition(sources))
      return leftOut === 0 ? problems : [...problems, tooMany(leftOut, limit, errors > 0)]
    },
  }
}

function toProblem(finding: Finding, sources: Sources, positions: () => Positions): Problem {
  const { code, path, message, severity = 'error', at } = finding
  const position: Position | undefined =
    at !== undefined && at >= 0 ? sources.positionOf(at) : positionOf(path, positions())
  return { code, severity, path, ...position, message }
}

function byPosition(sources: Sources): (one: Problem, other: Problem) => number {
  return (one, other) => {
    if (one.line === undefined || other.line === undefined) {
      return Number(one.line === undefined) - Number(other.line === undefined)
    }
    if (one.file !== other.file) return sources.rankOf(one.file) - sources.rankOf(other.file)
    return one.line - other.line || (one.column ?? 0) - (other.column ?? 0)
  }
}

function tooMany(leftOut: number, limit: number, isError: boolean): Problem {
  const message = `${leftOut} more problems are not listed (limit ${limit}); correct these first.`
  return { code: 'TOO_MANY_PROBLEMS', severity: isError ? 'error' : 'warning', path: '', message }
}
