#!/usr/bin/env -S node --max-semi-space-size=8 --heap-growing-percent=50
// The command line `tycho`.
import { CommanderError } from 'commander'
import { type Config, ConfigError, readConfig, readShellVariables } from '../config.ts'
import { createLog } from '../log.ts'
import type { Context } from './context.ts'
import { type ExitCode, exitCodes, UsageError } from './exit-codes.ts'
import { createOutput, type Output } from './output.ts'
import { createProgram } from './program.ts'
import { reportError } from './report-error.ts'

async function main(args: readonly string[]): Promise<ExitCode> {
  // Commander's own errors come before any option is known.
  const json = args.includes('--json') || undefined
  const output = createOutput(process.stdout, process.stderr)
  let ending: ExitCode = exitCodes.done
  try {
    const context = createContext(readConfig(), output, (code) => {
      ending = code
    })
    await createProgram(context, { quiet: json === true }).parseAsync(args, { from: 'user' })
    return ending
  } catch (error) {
    if (error instanceof CommanderError) return endOfParsing(error, json, output)
    const known = error instanceof ConfigError ? new UsageError(error.message) : error
    return reportError(known, { json, source: null }, output)
  }
}

function createContext(config: Config, output: Output, finish: (code: ExitCode) => void): Context {
  return {
    config,
    createLog: (name) => createLog({ name, level: config.logLevel, pretty: process.stdout.isTTY }),
    readShell: readShellVariables,
    output,
    stdin: process.stdin,
    folder: process.cwd(),
    finish,
  }
}

/** Commander has printed its message already, unless that would not be JSON. */
function endOfParsing(error: CommanderError, json: true | undefined, output: Output): ExitCode {
  if (error.exitCode === 0) return exitCodes.done
  if (json)
    return reportError(new UsageError(error.message.replace(/^error: /, '')), { json, source: null }, output)
  return exitCodes.badInput
}

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(exitCodes.done)
})

process.exitCode = await main(process.argv.slice(2))
