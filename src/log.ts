// The log: one JSON object per line, or readable lines on a terminal.
import { type Logger, pino } from 'pino'

export type Log = Logger

/** `name` is the process (`api`, `worker`). `pretty`: for people. */
export function createLog(options: { name: string; level: string; pretty: boolean }): Log {
  return pino({
    name: options.name,
    level: options.level,
    ...(options.pretty && {
      transport: {
        target: 'pino-pretty',
        options: { ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss', singleLine: true },
      },
    }),
  })
}
