// Tycho itself, as its processes, on a private Redis and a namespace of the test's own.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Job } from '../../src/jobs/job.ts'
import { type Contract, contractOf, mustHold } from './contract/contract.ts'
import type { Document } from './contract/document.ts'
import { program, programEnvironment } from './program.ts'
import { lastingPort, type RedisServer, startRedis } from './redis.ts'
import { waitFor } from './wait.ts'

export type TychoProcess = AsyncDisposable & {
  pid: number
  /** The JSON lines that it has logged. */
  lines: Record<string, unknown>[]
  /** Ends it at once, as a crash would. */
  kill(): Promise<void>
  signal(signal: NodeJS.Signals): void
}

export type Tycho = AsyncDisposable & {
  /** Where the API listens. */
  url: string
  redis: RedisServer
  /** The one that listens now. */
  readonly api: TychoProcess
  /** Ends the API as a crash would, and starts it again where it was. */
  restartApi(): Promise<void>
  workers: TychoProcess[]
  startWorker(environment?: Record<string, string>): TychoProcess
  /** One request with a JSON answer; throws UndeclaredAnswer for one that the OpenAPI document does not describe. */
  send<T>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: T }>
  /** Starts a system and answers its job at once. */
  start(body: Record<string, unknown>): Promise<Job>
  /** Long-polls a job until it is done. */
  done(job: Pick<Job, 'id'>): Promise<Job>
  /** Stops a system and waits until that is done. */
  stop(name: string): Promise<Job>
}

/** `redis`: a server of the test's own, which stays the test's to end. */
export type TychoOptions = {
  /** Both left out: `environment` says where systems run. */
  kubeconfig?: string
  namespace?: string
  workers?: number
  redis?: RedisServer
  /** A program and its arguments that run all its processes. */
  under?: readonly string[]
  /** Further settings of all its processes. */
  environment?: Record<string, string>
}

/** The processes' start on a machine that does much else. */
const busy = { timeoutMs: 90_000 }

export async function startTycho({
  kubeconfig,
  namespace,
  workers = 1,
  under = [],
  ...given
}: TychoOptions): Promise<Tycho> {
  await using opening = new AsyncDisposableStack()
  const redis = given.redis ?? opening.use(await startRedis())
  // A home of its own, so that only the given kubeconfig is found.
  const home = mkdtempSync(join(tmpdir(), 'tycho-home-'))
  opening.defer(() => rmSync(home, { recursive: true, force: true }))
  const environment = {
    HOME: home,
    TYCHO_DATA_DIR: home,
    TYCHO_REDIS_URL: redis.url,
    TYCHO_PORT: `${await lastingPort()}`,
    TYCHO_ANONYMOUS_TENANT: 'test',
    TYCHO_PUBLIC_HOST: '127.0.0.1',
    ...(namespace && { TYCHO_NAMESPACE: namespace }),
    ...(kubeconfig && { TYCHO_ORCHESTRATOR: 'kubernetes', KUBECONFIG: kubeconfig }),
    ...given.environment,
  }
  let api = opening.use(startProcess('src/main.ts', environment, under))
  const url = await waitFor('the API to listen', () => listeningOn(api), busy)
  const restartApi = async () => {
    await api.kill()
    const next = opened.use(startProcess('src/main.ts', environment, under))
    api = next
    await waitFor('the API to listen again', () => listeningOn(next), busy)
  }
  const started: TychoProcess[] = []
  const startWorker = (more: Record<string, string> = {}) => {
    const worker = opened.use(startProcess('workers/main.ts', { ...environment, ...more }, under))
    started.push(worker)
    return worker
  }
  const opened = opening.move()
  for (let i = 0; i < workers; i++) startWorker()
  const send = sender(url)
  if (workers > 0)
    await waitFor('the service to be ready', async () => (await send('GET', '/readyz')).status === 200, busy)
  return {
    url,
    redis,
    get api() {
      return api
    },
    restartApi,
    workers: started,
    startWorker,
    send,
    ...conveniences(send),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

function startProcess(
  main: string,
  environment: Record<string, string>,
  under: readonly string[],
): TychoProcess {
  const [command = '', ...args] = [...under, program(main)]
  const child = spawn(command, args, {
    env: programEnvironment(environment),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: Record<string, unknown>[] = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (process.env.TYCHO_TEST_LOG) process.stderr.write(`${line}\n`)
    lines.push(JSON.parse(line))
  })
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill(signal)
    await once(child, 'exit')
  }
  return {
    pid: child.pid ?? 0,
    lines,
    kill: () => end('SIGKILL'),
    signal: (signal) => {
      child.kill(signal)
    },
    [Symbol.asyncDispose]: () => end('SIGTERM'),
  }
}

function listeningOn(api: TychoProcess): string | undefined {
  const line = api.lines.find((one) => typeof one.url === 'string')
  return line?.url as string | undefined
}

/** Each answer is held against the OpenAPI document that the server itself gives out. */
function sender(url: string): Tycho['send'] {
  let contract: Contract | null = null
  return async <T>(method: string, path: string, body?: unknown, more: Record<string, string> = {}) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...more },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(70_000),
    })
    const text = await answer.text()
    contract ??= await readContract(url)
    const { status, headers } = answer
    mustHold(contract, { method, url: path, status, headers: Object.fromEntries(headers), body: text })
    return { status, body: JSON.parse(text) as T }
  }
}

async function readContract(url: string): Promise<Contract> {
  const answer = await fetch(`${url}/openapi.json`, { signal: AbortSignal.timeout(30_000) })
  return contractOf((await answer.json()) as Document)
}

function conveniences(send: Tycho['send']): Pick<Tycho, 'start' | 'done' | 'stop'> {
  const accepted = async (method: string, path: string, body?: unknown) => {
    const answer = await send<Job>(method, path, body)
    if (answer.status !== 202)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  const done = async ({ id }: Pick<Job, 'id'>): Promise<Job> => {
    for (;;) {
      const { body } = await send<Job>('GET', `/v1/jobs/${id}?wait=30`)
      if (body.done) return body
    }
  }
  return {
    start: (body) => accepted('POST', '/v1/systems', body),
    done,
    stop: async (name) => done(await accepted('DELETE', `/v1/systems/${name}`)),
  }
}
