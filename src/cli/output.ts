// Where the command line writes: results to standard output, everything about the way there to standard error.
import { once } from 'node:events'
import { createPaint, type Paint } from './paint.ts'

export type Output = {
  /** A line of the result. */
  say(line: string): void
  /** A part of a result that is no lines of ours; resolves when its reader takes more. */
  write(text: string): Promise<void>
  /** The one document of `--json`. */
  json(document: unknown): void
  /** A line about the way there: progress, remarks, errors. */
  note(line: string): void
  stderr: NodeJS.WriteStream
  /** Whether a person reads the result as it comes. */
  isTerminal: boolean
  paint: { result: Paint; note: Paint }
}

export function createOutput(stdout: NodeJS.WriteStream, stderr: NodeJS.WriteStream): Output {
  return {
    say: (line) => stdout.write(`${line}\n`),
    write: async (text) => {
      if (!stdout.write(text)) await once(stdout, 'drain')
    },
    json: (document) => stdout.write(`${JSON.stringify(document, null, 2)}\n`),
    note: (line) => stderr.write(`${line}\n`),
    stderr,
    isTerminal: stdout.isTTY,
    paint: { result: createPaint(stdout), note: createPaint(stderr) },
  }
}
