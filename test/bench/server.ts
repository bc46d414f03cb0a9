// A server to be measured, as a process of its own; its log goes to a file, as an operator's would.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { program, programEnvironment } from '../kit/program.ts'
import { freePort } from '../kit/redis.ts'
import { waitFor } from '../kit/wait.ts'

export type Server = AsyncDisposable & {
  url: string
  /** Processor time that it has used so far, in milliseconds; NaN where the system does not tell (only Linux does). */
  cpuMs(): number
  /** Memory that it holds now; NaN likewise. */
  residentBytes(): number
}

/** Tycho's API, open to the tenant `bench`. */
export function startApi(redisUrl: string): Promise<Server> {
  return startServer('src/main.ts', (port, folder) => ({
    TYCHO_DATA_DIR: folder,
    TYCHO_PORT: `${port}`,
    TYCHO_REDIS_URL: redisUrl,
    TYCHO_ANONYMOUS_TENANT: 'bench',
    TYCHO_NAMESPACE: 'bench',
  }))
}

/** `main`: an executable file. `environment`: its settings, given the port that it is to listen on and a folder of its own. */
export async function startServer(
  main: string,
  environment: (port: number, folder: string) => Record<string, string>,
): Promise<Server> {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'tycho-bench-'))
  const child = spawn(program(main), {
    env: programEnvironment({ ...profiling(), HOME: folder, ...environment(port, folder) }),
    stdio: ['ignore', openSync(join(folder, 'log'), 'w'), 'inherit'],
  })
  const url = `http://127.0.0.1:${port}`
  await waitFor(`${main} to listen`, () => answers(url), { timeoutMs: 60_000 })
  return {
    url,
    cpuMs: () => cpuMsOf(child.pid ?? 0),
    residentBytes: () => residentBytesOf(child.pid ?? 0),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** proc(5): utime and stime, in ticks of a hundredth of a second, are fields 14 and 15. */
export function cpuMsOf(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return Number.NaN
  }
}

/** proc(5): what it holds now. */
export const residentBytesOf = (pid: number): number => bytesOf(pid, 'VmRSS')

/** proc(5): the most that it has held. */
export const peakBytesOf = (pid: number): number => bytesOf(pid, 'VmHWM')

function bytesOf(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  try {
    const line = new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
    return Number(line?.[1]) * 1024
  } catch {
    return Number.NaN
  }
}

/** `TYCHO_TEST_PROFILE=folder`: where each server leaves what its time went into, to be opened in a browser's tools. */
export function profiling(): Record<string, string> {
  const folder = process.env.TYCHO_TEST_PROFILE
  return folder ? { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder}` } : {}
}

async function answers(url: string): Promise<true | undefined> {
  try {
    return (await fetch(`${url}/healthz`)).ok || undefined
  } catch {
    return undefined
  }
}
