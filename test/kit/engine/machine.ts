/**
 * Namespaces of Linux for one engine: processes, mounts, `/run` and network of its own, so that it meets no other engine
 * and nothing of it is left when their first process ends, which the kernel does as soon as the test's process is gone.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { run, SYSTEM_PATH, succeeds } from '../cluster/command.ts'
import { waitFor } from '../wait.ts'

/**
 * `host`: its address, as this machine sees it. `gateway`: this machine's, as it and its containers see it. `enter`: the
 * program and its first arguments that run what follows them there.
 */
export type Machine = { host: string; gateway: string; enter: string[] } & AsyncDisposable

/** Waits in a builtin, so that it takes the children of those that end before them. */
const FIRST_PROCESS = `
mount -t tmpfs tmpfs /run
ip link set lo up
echo ready
while :; do sleep 3600 & wait; done`

export async function openMachine(): Promise<Machine> {
  const first = spawn(
    'setpriv',
    [
      ...['--pdeathsig', 'KILL', 'unshare', '--mount', '--net', '--pid', '--fork', '--kill-child'],
      ...['--mount-proc', 'sh', '-c', FIRST_PROCESS],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, PATH: SYSTEM_PATH } },
  )
  try {
    await once(first.stdout, 'data', { signal: AbortSignal.timeout(30_000) })
    const namespace = (name: string) => `/proc/${first.pid}/ns/${name}`
    const enter = [
      ...['nsenter', `--net=${namespace('net')}`, `--mount=${namespace('mnt')}`],
      `--pid=${namespace('pid_for_children')}`,
    ]
    const addresses = await connect(first.pid ?? 0, enter)
    return { ...addresses, enter, [Symbol.asyncDispose]: () => end(first) }
  } catch (error) {
    await end(first)
    throw error
  }
}

async function end(first: ChildProcess): Promise<void> {
  if (first.exitCode !== null || first.signalCode !== null) return
  const ended = once(first, 'exit')
  first.kill('SIGKILL')
  await ended
}

/** All that machines and their gateways have. */
export const ADDRESSES = '10.246.0.0/16'

/** The pairs of addresses are /30 networks of those; the interface's name says which is taken, on the whole machine. */
const PAIRS = 250
const pairOf = (index: number) => ({ gateway: `10.246.${index}.1`, host: `10.246.${index}.2` })

async function connect(pid: number, enter: readonly string[]): Promise<{ host: string; gateway: string }> {
  const { index, outer, inner } = await makeCable()
  const { host, gateway } = pairOf(index)
  await run('ip', ['link', 'set', inner, 'netns', `${pid}`])
  await run('ip', ['address', 'add', `${gateway}/30`, 'dev', outer])
  await run('ip', ['link', 'set', outer, 'up'])
  const [program = '', ...first] = enter
  // No way leads further: a name of the internet is unknown at once, and not after a while.
  const inside = `ip address add ${host}/30 dev ${inner}\nip link set ${inner} up`
  await run(program, [...first, 'sh', '-ec', inside])
  return { host, gateway }
}

/** It ends with the namespace in which its inner end is. */
async function makeCable(): Promise<{ index: number; outer: string; inner: string }> {
  let index = 0
  const outer = () => `tychoe${index}`
  await waitFor(
    'a free pair of addresses',
    async () => {
      index = (index % PAIRS) + 1
      const names = ['link', 'add', outer(), 'type', 'veth', 'peer', 'name', `${outer()}i`]
      return succeeds('ip', names)
    },
    { intervalMs: 1 },
  )
  return { index, outer: outer(), inner: `${outer()}i` }
}
