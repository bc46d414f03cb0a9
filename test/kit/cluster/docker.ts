/** The Docker engine below the cluster: the machine's own where one runs, else one that the kit starts and stops. */
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { waitFor } from '../wait.ts'
import { type CommandOptions, run, succeeds } from './command.ts'
import { files, PORTS, type Settings } from './settings.ts'

export const DOCKER_SOCKET = 'unix:///var/run/docker.sock'
/** Leads the `docker` client to this machine's engine, whatever DOCKER_HOST says. */
export const ENGINE = { DOCKER_HOST: DOCKER_SOCKET }

const MIRROR = `http://127.0.0.1:${PORTS.registry}`
const DAEMON_CONFIG = '/etc/docker/daemon.json'

/** `machine`: it ran before us, so it is never stopped. */
export type DockerEngine = { kind: 'machine' | 'ours' }

/** Runs the `docker` client. */
export function docker(args: string[], options: CommandOptions = {}): Promise<string> {
  return run('docker', args, { ...options, env: { ...options.env, ...ENGINE } })
}

export function isEngineReady(): Promise<boolean> {
  return succeeds('docker', ['version', '--format', '{{.Server.Version}}'], {
    env: ENGINE,
    timeoutMs: 5_000,
  })
}

export function dockerArguments({ run: folder }: Settings): string[] {
  return [
    '--host',
    DOCKER_SOCKET,
    '--registry-mirror',
    MIRROR,
    '--add-runtime',
    `tycho=${files(folder).runtime}`,
    '--default-runtime',
    'tycho',
  ]
}

/**
 * A machine without CAP_SYS_RESOURCE may neither lower an oom_score_adj nor raise a limit, and kubelet asks for the
 * first with every pod: runc then ends with "can't get final child's PID from pipe: EOF".
 */
const RUNTIME = `#!/bin/sh
previous=; bundle=
for argument in "$@"; do
  [ "$previous" = --bundle ] && bundle=$argument
  previous=$argument
done
config=$bundle/config.json
if [ -n "$bundle" ] && [ -f "$config" ]; then
  jq -c 'del(.process.oomScoreAdj, .process.rlimits)' "$config" > "$config.new" && mv "$config.new" "$config"
fi
exec runc "$@"
`

/** Writes the runtime as a program that `--add-runtime` can name. */
export async function writeRuntime(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, RUNTIME)
  await chmod(path, 0o755)
}

type DaemonConfig = { 'registry-mirrors'?: string[] } & Record<string, unknown>

async function readDaemonConfig(): Promise<DaemonConfig> {
  const text = await readFile(DAEMON_CONFIG, 'utf8').catch(() => '{}')
  return JSON.parse(text || '{}') as DaemonConfig
}

async function writeDaemonConfig(config: DaemonConfig): Promise<void> {
  await mkdir(dirname(DAEMON_CONFIG), { recursive: true })
  await writeFile(DAEMON_CONFIG, `${JSON.stringify(config, undefined, 2)}\n`)
}

/** Docker reads its mirrors anew on SIGHUP, so an engine that runs already needs no restart. */
async function reloadMirrors(config: DaemonConfig, mirrors: string[], isOurs: boolean): Promise<void> {
  await writeDaemonConfig({ ...config, 'registry-mirrors': mirrors })
  const pid = (await readFile('/var/run/docker.pid', 'utf8')).trim()
  process.kill(Number(pid), 'SIGHUP')
  const isDone = async () => (await hasMirror()) === isOurs
  await waitFor("Docker's reload of its registry mirrors", isDone, { timeoutMs: 10_000 })
}

async function hasMirror(): Promise<boolean> {
  const mirrors = await docker(['info', '--format', '{{json .RegistryConfig.Mirrors}}'])
  return mirrors.includes(MIRROR)
}

/** Makes an engine that is not ours ask the kit's registry first. */
export async function addMirror(): Promise<void> {
  if (await hasMirror()) return
  const config = await readDaemonConfig()
  await reloadMirrors(config, [...(config['registry-mirrors'] ?? []), MIRROR], true)
}

/** Takes back what addMirror wrote; leaves every other setting as it is. */
export async function removeMirror(): Promise<void> {
  const { 'registry-mirrors': mirrors = [], ...rest } = await readDaemonConfig()
  if (!mirrors.includes(MIRROR)) return
  const others = mirrors.filter((mirror) => mirror !== MIRROR)
  // A running engine forgets a mirror only where the file still has the list.
  if (await isEngineReady()) await reloadMirrors(rest, others, false)
  if (others.length > 0) await writeDaemonConfig({ ...rest, 'registry-mirrors': others })
  else if (Object.keys(rest).length > 0) await writeDaemonConfig(rest)
  else await rm(DAEMON_CONFIG)
}

/** Docker reports mirrors and drivers in one call; kubelet must use the same cgroup driver. */
export async function cgroupDriver(): Promise<string> {
  return (await docker(['info', '--format', '{{.CgroupDriver}}'])).trim()
}

/** Removes the containers of pods, which kubelet leaves behind. */
export async function removePodContainers(): Promise<void> {
  const ids = (await docker(['ps', '-aq', '--filter', 'label=io.kubernetes.pod.namespace'])).split('\n')
  const pods = ids.filter(Boolean)
  if (pods.length > 0) await docker(['rm', '-f', ...pods])
}

/** Running containers that are no pods: somebody else uses the engine too. */
export async function hasOtherContainers(): Promise<boolean> {
  const all = await docker(['ps', '--format', '{{.Label "io.kubernetes.pod.namespace"}}|{{.ID}}'])
  return all.split('\n').some((line) => line.startsWith('|'))
}
