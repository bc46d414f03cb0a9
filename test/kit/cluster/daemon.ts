/**
 * Background processes with pid files.
 * A pid file holds the pid and the start time of the process, so that a pid which the kernel has given to somebody
 * else since is never taken for ours.
 */
import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { waitFor } from '../wait.ts'
import { SYSTEM_PATH } from './command.ts'

export type ProcessId = { pid: number; startTime: string }

const pidFile = (run: string, name: string) => join(run, `${name}.pid`)
export const logFile = (run: string, name: string) => join(run, 'log', `${name}.log`)

/** The kernel's start time of a process (field 22 of /proc/<pid>/stat, see proc(5)); undefined where it is gone. */
export function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The second field is the program's name in parentheses and may itself contain spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

export function isSameProcess({ pid, startTime }: ProcessId): boolean {
  return startTimeOf(pid) === startTime
}

/** The process of a pid file, while it lives. */
export function findDaemon(run: string, name: string): ProcessId | undefined {
  try {
    const id: ProcessId = JSON.parse(readFileSync(pidFile(run, name), 'utf8'))
    return isSameProcess(id) ? id : undefined
  } catch {
    return undefined
  }
}

/** Starts a process that outlives this one, in a session of its own; its words go to the log file. */
export function startDaemon(run: string, name: string, command: string, args: string[]): ProcessId {
  mkdirSync(join(run, 'log'), { recursive: true })
  const log = openSync(logFile(run, name), 'a')
  const child = spawn(command, args, {
    cwd: run,
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, PATH: SYSTEM_PATH },
  })
  closeSync(log)
  // Without a listener a missing program would be an uncaught error; the ready check reports it.
  child.on('error', (error) => writeFileSync(logFile(run, name), `${error.message}\n`, { flag: 'a' }))
  child.unref()
  if (child.pid === undefined) throw new Error(`${command} cannot be started: see ${logFile(run, name)}`)
  const id = { pid: child.pid, startTime: startTimeOf(child.pid) ?? '' }
  writeFileSync(pidFile(run, name), JSON.stringify(id))
  return id
}

/** Ends the process of a pid file, kindly first, and waits until it is gone. */
export async function stopDaemon(run: string, name: string, kindlyMs = 15_000): Promise<boolean> {
  const id = findDaemon(run, name)
  if (id) {
    process.kill(id.pid, 'SIGTERM')
    const gone = () => !isSameProcess(id)
    await waitFor(`the end of ${name}`, gone, { timeoutMs: kindlyMs }).catch(async () => {
      process.kill(id.pid, 'SIGKILL')
      await waitFor(`the end of ${name}`, gone)
    })
  }
  rmSync(pidFile(run, name), { force: true })
  return id !== undefined
}
