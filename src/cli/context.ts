// What every command is given.
import type { Config } from '../config.ts'
import type { Log } from '../log.ts'
import type { ExitCode } from './exit-codes.ts'
import type { Output } from './output.ts'
import type { ReadShell } from './variables.ts'

export type Context = {
  config: Config
  createLog(name: string): Log
  readShell: ReadShell
  output: Output
  stdin: NodeJS.ReadableStream
  /** The current folder. */
  folder: string
  /** Says how the command ended. */
  finish(code: ExitCode): void
}
