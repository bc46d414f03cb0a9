// Docker as a child process, where this machine has it and nobody runs it: without a cluster it is what systems run on.
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config.ts'
import type { Output } from '../output.ts'
import { answers, answersAtLast, findForgotten, untilGone } from './docker-probe.ts'

const socketPath = '/var/run/docker.sock'

/** Root's own path may lack the folders of system programs. */
const programs = ['/usr/bin/dockerd', '/usr/sbin/dockerd', '/usr/local/bin/dockerd']

/** It starts in a second or two; on a machine that has never had one, or is busy, it takes longer. */
const startMs = 60_000

/** Its containers have ten seconds to end, and it gives them fifteen. */
const closeMs = 30_000

/**
 * Starts Docker unless somebody runs it already, or there is something else to run systems on. Disposing ends what was
 * started here, with its containers. A Docker that can't be started is said, and is no error: systems wait.
 */
export async function startDocker(config: Config, output: Output): Promise<AsyncDisposable | null> {
  const folder = join(config.dataDir, 'docker')
  const pidFile = join(folder, 'pid')
  const forgotten = findForgotten(pidFile)
  if (forgotten !== null) return toEnd(forgotten)
  const program = programs.find((path) => existsSync(path))
  if (!program || !isWanted(config) || (await answers(socketPath))) return null
  mkdirSync(folder, { recursive: true })
  output.note(`No cluster and no Docker engine answers here: starting ${program}, which ends with Tycho`)
  const log = join(folder, 'log')
  const child = spawnDaemon(program, ['--host', `unix://${socketPath}`, '--pidfile', pidFile], log)
  const dead = AbortSignal.any([endOf(child), AbortSignal.timeout(startMs)])
  if (await answersAtLast(socketPath, dead)) return child.pid === undefined ? null : toEnd(child.pid)
  child.kill()
  output.note(
    `Docker did not start: ${lastWords(log)} (all of it: ${log}). Tycho runs without it, systems wait.`,
  )
  return null
}

/** Root alone may start it, and Linux alone has it. */
function isWanted({ orchestrator, engine, cluster }: Config): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0 || engine.address.host !== null) return false
  if (orchestrator !== null) return orchestrator === 'docker'
  const { paths, homePath, pod, localPath } = cluster.kubeconfig
  return !pod && ![...paths, homePath, localPath].some((path) => existsSync(path))
}

/** In a process group of its own: Ctrl-C must not end it before the systems that run on it. */
function spawnDaemon(program: string, args: string[], log: string): ChildProcess {
  const file = openSync(log, 'w', 0o600)
  const child = spawn(program, args, { detached: true, stdio: ['ignore', file, file] })
  closeSync(file)
  child.on('error', () => {})
  return child
}

function endOf(child: ChildProcess): AbortSignal {
  const ended = new AbortController()
  for (const event of ['exit', 'error']) child.once(event, () => ended.abort())
  return ended.signal
}

function toEnd(pid: number): AsyncDisposable {
  const end = (signal: NodeJS.Signals) => {
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended by itself.
    }
  }
  const endAtExit = () => end('SIGTERM')
  process.once('exit', endAtExit)
  return {
    async [Symbol.asyncDispose]() {
      end('SIGTERM')
      const patience = setTimeout(() => end('SIGKILL'), closeMs)
      await untilGone(pid)
      clearTimeout(patience)
      process.off('exit', endAtExit)
    },
  }
}

/** Of its log, the last message: `level=fatal msg="…"`, or the line as it is. */
function lastWords(log: string): string {
  const line = readFileSync(log, 'utf8').trim().split('\n').at(-1) ?? ''
  return /(?:msg|error)="(?<words>(?:[^"\\]|\\.)*)"/.exec(line)?.groups?.words ?? (line || 'it said nothing')
}
