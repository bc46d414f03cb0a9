// The log: one JSON object per line, or readable lines on a terminal.
import { type Logger, pino } from 'pino'

export type Log = Logger

/** `name` is the process (`api`, `worker`). `pretty`: for people. */
export function createLog(options: { name: string; level: string; pretty: boolean }): Log {
  return pino({
    name: options.name,
    level: options.level,
    serializers: { err: withoutCommand },
    ...(options.pretty && {
      transport: {
        target: 'pino-pretty',
        options: { ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', singleLine: true },
      },
    }),
  })
}

/** Redis' client puts the command on its errors, and in its arguments stand whole specifications with their secrets. */
function withoutCommand(error: Error): object {
  const { command: _command, ...told } = pino.stdSerializers.err(error) as object & { command?: unknown }
  return told
}
