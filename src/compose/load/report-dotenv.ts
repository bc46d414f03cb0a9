// Reports what is wrong in a file of variables, at its place in that file.
import type { Dotenv } from '../dotenv/parse-dotenv.ts'
import type { Reporter } from '../report.ts'
import type { Sources } from '../sources.ts'

type DotenvFile = {
  file: string
  text: string
  /** The Compose key path that named it. */
  path: string
}

export function reportDotenv(
  { complaint, missing }: Dotenv,
  { file, text, path }: DotenvFile,
  { reporter, sources }: { reporter: Reporter; sources: Sources },
): void {
  if (!complaint && missing.size === 0) return
  const base = sources.add(file, text)
  if (complaint) {
    const message = `\`${file}\`, line ${complaint.line}: ${complaint.message}. Put values with special characters in quotes.`
    reporter.report({ code: 'INVALID_ENV_FILE', path, message, at: base + complaint.offset })
  }
  for (const name of missing) {
    const message = `The variable \`${name}\` in \`${file}\` is not set and counts as empty: give it a value.`
    reporter.report({ code: 'VARIABLE_NOT_SET', severity: 'warning', path, message, at: base })
  }
}
