/** Runs programs to their end. What a failing one said is in the error. */
import { execFile } from 'node:child_process'

export type CommandOptions = { cwd?: string; env?: NodeJS.ProcessEnv; timeoutMs?: number; input?: string }

/** The system's program folders: a person's own PATH may lack those of administration. */
export const SYSTEM_PATH = `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin`

export class CommandError extends Error {
  override name = 'CommandError'
}

/** Runs a program and returns what it wrote on stdout; throws a CommandError with its last words. */
export function run(command: string, args: string[], options: CommandOptions = {}): Promise<string> {
  const { cwd, env, timeoutMs, input } = options
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      args,
      {
        cwd,
        env: { ...process.env, ...env, PATH: SYSTEM_PATH },
        timeout: timeoutMs,
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        if (!error) return resolve(stdout)
        const words = (stderr.trim() || stdout.trim() || error.message).slice(-2_000)
        reject(
          new CommandError(`${command} ${args.slice(0, 3).join(' ')} failed: ${words}`, { cause: error }),
        )
      },
    )
    child.stdin?.end(input)
  })
}

/** Whether the program ends well. */
export async function succeeds(
  command: string,
  args: string[],
  options: CommandOptions = {},
): Promise<boolean> {
  return run(command, args, options).then(
    () => true,
    () => false,
  )
}
