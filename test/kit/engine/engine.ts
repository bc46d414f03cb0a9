/** A Docker engine of a test's own, which can be stopped, killed and started again, and leaves nothing behind. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, rmdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { inject } from 'vitest'
import { type CommandOptions, run, SYSTEM_PATH } from '../cluster/command.ts'
import { writeRuntime } from '../cluster/docker.ts'
import { waitFor } from '../wait.ts'
import { ADDRESSES, type Machine, openMachine } from './machine.ts'

/** `dataBytes`: so much room for images, containers and volumes, in memory; left out: the disk's. */
export type EngineOptions = {
  swarm?: boolean
  dataBytes?: number
  /** Further arguments of `dockerd`. */
  arguments?: readonly string[]
}

export type TestEngine = AsyncDisposable & {
  /** Path of its socket, which stays the same from one start to the next. */
  socket: string
  /** Such as `DOCKER_HOST` takes it. */
  url: string
  /** Where the ports answer that it publishes on all addresses. */
  host: string
  /** This machine, as the engine and its containers see it. */
  gateway: string
  /** Runs the `docker` client. */
  docker(args: string[], options?: CommandOptions): Promise<string>
  /** Runs a program of this machine where the engine runs: on its network, with its mounts. */
  inside(command: string, args: string[]): Promise<string>
  /** As inside, for one that lasts; it ends with the engine at the latest. */
  spawnInside(command: string, args: string[]): ChildProcess
  start(): Promise<void>
  /** As a shutdown: it stops its containers. */
  stop(): Promise<void>
  /** As a crash: its containers go on until the next start. */
  kill(): Promise<void>
  restart(): Promise<void>
}

/** An engine with the images of this test run. */
export async function startEngine(options: EngineOptions = {}): Promise<TestEngine> {
  await using opening = new AsyncDisposableStack()
  const engine = opening.use(await startEmptyEngine(options))
  await engine.docker(['load', '--quiet', '--input', inject('engineImages')])
  opening.move()
  return engine
}

/** An engine without an image. */
export async function startEmptyEngine(options: EngineOptions = {}): Promise<TestEngine> {
  await using opening = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'tycho-engine-'))
  opening.defer(() => rm(folder, { recursive: true, force: true }))
  opening.defer(() => removeGroups(basename(folder)))
  const machine = opening.use(await openMachine())
  const engine = createEngine(folder, machine, options)
  await prepareFolder(folder, engine, options)
  await engine.start()
  if (options.swarm) await engine.docker(['swarm', 'init', '--advertise-addr', engine.host])
  const opened = opening.move()
  return { ...engine, [Symbol.asyncDispose]: () => opened.disposeAsync() }
}

type Unowned = Omit<TestEngine, keyof AsyncDisposable>

function createEngine(folder: string, machine: Machine, options: EngineOptions): Unowned {
  const socket = join(folder, 'docker.sock')
  const url = `unix://${socket}`
  const [program = '', ...first] = machine.enter
  const docker = (args: string[], given: CommandOptions = {}) =>
    run('docker', args, { ...given, env: { ...given.env, DOCKER_HOST: url } })
  const inside = (command: string, args: string[]) => run(program, [...first, command, ...args])
  const spawnInside = (command: string, args: string[], stdio: 'ignore' | number = 'ignore') =>
    spawn(program, [...first, command, ...args], {
      stdio: ['ignore', stdio, stdio],
      env: { ...process.env, PATH: SYSTEM_PATH },
    })
  let daemon: ChildProcess | undefined
  const end = async (signal: string) => {
    if (!daemon || isEnded(daemon)) return
    const ended = once(daemon, 'exit')
    await inside('sh', ['-c', `kill -${signal} "$(cat ${PID_FILE})"`])
    await ended
  }
  const start = async () => {
    const log = openSync(join(folder, 'log'), 'a')
    const child = spawnInside('dockerd', daemonArguments(folder, options), log)
    closeSync(log)
    daemon = child
    await untilReady(child, docker, join(folder, 'log'))
  }
  const stop = () => end('TERM')
  return {
    ...{ socket, url, host: machine.host, gateway: machine.gateway, docker, inside, spawnInside },
    ...{ start, stop, kill: () => end('KILL') },
    restart: async () => {
      await stop()
      await start()
    },
  }
}

const isEnded = ({ exitCode, signalCode }: ChildProcess) => exitCode !== null || signalCode !== null

/** Below `/run`, which is the engine's own. */
const PID_FILE = '/run/docker.pid'

const runtimeOf = (folder: string) => join(folder, 'runtime.sh')

function daemonArguments(folder: string, options: EngineOptions): string[] {
  return [
    ...['--data-root', join(folder, 'data'), '--host', `unix://${join(folder, 'docker.sock')}`],
    ...['--pidfile', PID_FILE, '--cgroup-parent', `/${basename(folder)}`],
    ...['--add-runtime', `tycho=${runtimeOf(folder)}`, '--default-runtime', 'tycho'],
    // A registry of a test listens on this machine's side, without TLS.
    ...['--insecure-registry', ADDRESSES],
    ...(options.arguments ?? []),
  ]
}

async function prepareFolder(folder: string, engine: Unowned, { dataBytes }: EngineOptions): Promise<void> {
  await writeRuntime(runtimeOf(folder))
  const data = join(folder, 'data')
  await mkdir(data)
  if (dataBytes) await engine.inside('mount', ['-t', 'tmpfs', '-o', `size=${dataBytes}`, 'tmpfs', data])
}

async function untilReady(daemon: ChildProcess, docker: Unowned['docker'], log: string): Promise<void> {
  const dead = new AbortController()
  daemon.once('exit', () => dead.abort(new Error('it ended')))
  const isReady = () => docker(['version', '--format', '{{.Server.Version}}'], { timeoutMs: 5_000 })
  await waitFor('the engine to answer', isReady, { signal: dead.signal }).catch(async (cause: unknown) => {
    const words = (await readFile(log, 'utf8')).trim().split('\n').slice(-10)
    throw new Error(`dockerd did not start:\n${words.join('\n')}`, { cause })
  })
}

/** The kernel keeps the control groups of containers that it ended with their engine. */
async function removeGroups(name: string): Promise<void> {
  const root = '/sys/fs/cgroup'
  const parents = existsSync(join(root, name)) ? [root] : []
  for (const entry of await readdir(root).catch(() => [])) {
    if (existsSync(join(root, entry, name))) parents.push(join(root, entry))
  }
  for (const parent of parents) {
    const below = await readdir(join(parent, name), { recursive: true, withFileTypes: true })
    const groups = below.filter((one) => one.isDirectory()).map((one) => join(one.parentPath, one.name))
    const deepestFirst = [...groups.sort().reverse(), join(parent, name)]
    for (const group of deepestFirst) {
      await waitFor(`the end of ${group}`, () => rmdir(group).then(() => true), { intervalMs: 20 })
    }
  }
}
