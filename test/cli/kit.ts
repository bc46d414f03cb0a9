// Runs the real command line as a child process, against the real API on a free port.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestApi, type TestApiOptions, testApi } from '../api/kit.ts'
import { program, programEnvironment, root } from '../kit/program.ts'

export type Ended = { code: number | null; stdout: string; stderr: string }

export type RunOptions = {
  /** The current folder; else the root of the project. */
  folder?: string
  env?: Record<string, string>
  input?: string
  /** Is given the process while it runs, and what it has said so far. */
  during?: (child: ChildProcess, said: { stdout: string; stderr: string }) => Promise<void>
}

/** An environment without anything of the machine's own settings. */
function bareEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  return programEnvironment({ HOME: '/nonexistent', DOCKER_HOST: 'unix:///nonexistent', ...extra })
}

export function spawnCli(args: readonly string[], options: RunOptions = {}): ChildProcess {
  return spawn(program('src/cli/main.ts'), args, {
    cwd: options.folder ?? root,
    env: bareEnvironment(options.env),
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

/** Waits for the end of the command. */
export async function runCli(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  const child = spawnCli(args, options)
  child.stdin?.end(options.input ?? '')
  const closed = once(child, 'close')
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      said[name] += chunk
    })
  }
  await Promise.all([closed, options.during?.(child, said)])
  return { code: child.exitCode, ...said }
}

/** Resolves once the stream has said the words. */
export async function hears(stream: NodeJS.ReadableStream | null, words: string): Promise<void> {
  let said = ''
  for await (const chunk of stream ?? []) {
    said += String(chunk)
    if (said.includes(words)) return
  }
  throw new Error(`the stream ended without "${words}":\n${said}`)
}

export type Server = TestApi & {
  url: string
  run(args: readonly string[], options?: RunOptions): Promise<Ended>
}

/** An API that listens, and the command line that talks to it. */
export async function startServer(options: TestApiOptions = {}): Promise<Server> {
  const api = await testApi(options)
  const url = await api.app.listen({ host: '127.0.0.1', port: 0 })
  const run = (args: readonly string[], runOptions: RunOptions = {}) =>
    runCli(args, { ...runOptions, env: { TYCHO_URL: url, ...runOptions.env } })
  return Object.assign(api, { url, run })
}

/** A folder that is removed with its contents. */
export function temporaryFolder(): Disposable & { path: string } {
  const path = mkdtempSync(join(tmpdir(), 'tycho-cli-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
