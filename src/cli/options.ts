// Options that several commands share, and how their values are read.
import { type Command, InvalidArgumentError } from 'commander'
import { type Client, createClient } from '../client/client.ts'
import type { Config } from '../config.ts'
import { UsageError } from './exit-codes.ts'

/** Where `npm start` listens. */
export const defaultServer = 'http://127.0.0.1:5000'

export type ServerOptions = { server?: string; json?: true }

export function withServerOptions(command: Command): Command {
  return command
    .option('-s, --server <url>', `server to talk to (else TYCHO_URL, else ${defaultServer})`)
    .option('--json', 'print one JSON document and nothing else')
}

export type WaitOptions = { wait: boolean; timeout?: number }

/** `until`: what is waited for, such as "all have started". */
export function withWaitOptions(command: Command, until: string): Command {
  return command
    .option('--no-wait', `return when the server has accepted it, don't wait until ${until}`)
    .option('--wait', `wait until ${until}`, true)
}

export function createClientFor(options: ServerOptions, config: Config, signal?: AbortSignal): Client {
  const server = options.server ?? config.url ?? defaultServer
  const url = URL.canParse(server) ? new URL(server) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new UsageError(`${server} is no address of a server: write it as http://HOST:PORT`)
  }
  return createClient(server, config.token, signal)
}

/** For options that may be repeated. */
export function append(value: string, previous: string[] = []): string[] {
  return [...previous, value]
}

/** For options that take one value, and must not take the last of several in silence. */
export function once(value: string, previous: string | undefined): string {
  if (previous !== undefined) throw new InvalidArgumentError('It can be given once.')
  return value
}

export function parsePort(value: string, previous: number[] = []): number[] {
  const port = /^\d+$/.test(value) ? Number(value) : 0
  if (port < 1 || port > 65535) throw new InvalidArgumentError('A port is a number from 1 to 65535.')
  return [...previous, port]
}

/** Seconds, as a whole number. */
export function parseSeconds(value: string): number {
  const seconds = /^\d+$/.test(value) ? Number(value) : 0
  if (seconds < 1 || !Number.isSafeInteger(seconds)) {
    throw new InvalidArgumentError('A time is a whole number of seconds, at least 1.')
  }
  return seconds
}

/** How many at most of a list. */
export function parseLimit(value: string): number {
  const limit = /^\d+$/.test(value) ? Number(value) : 0
  if (limit < 1 || !Number.isSafeInteger(limit)) {
    throw new InvalidArgumentError('A number of lines is a whole number, at least 1.')
  }
  return limit
}
