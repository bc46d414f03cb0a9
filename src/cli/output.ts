// Where the command line writes: results to standard output, everything about the way there to standard error.
import { createPaint, type Paint } from './paint.ts'

export type Output = {
  /** A line of the result. */
  say(line: string): void
  /** The one document of `--json`. */
  json(document: unknown): void
  /** A line about the way there: progress, remarks, errors. */
  note(line: string): void
  stderr: NodeJS.WriteStream
  paint: { result: Paint; note: Paint }
}

export function createOutput(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Output {
  return {
    say: (line) => stdout.write(`${line}\n`),
    json: (document) => stdout.write(`${JSON.stringify(document, null, 2)}\n`),
    note: (line) => stderr.write(`${line}\n`),
    stderr,
    paint: { result: createPaint(stdout), note: createPaint(stderr) },
  }
}
