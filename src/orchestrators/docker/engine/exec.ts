// Steps that are run inside a container: once it was started, and before it is stopped.
import { TychoError } from '../../../problem.ts'
import { LABEL } from '../labels.ts'
import type { ExecStep } from '../objects.ts'
import type { EngineClient } from './client.ts'
import { type LiveContainer, labelsOf } from './live.ts'

/** How long one step after the start may take, in milliseconds. */
const startedMs = 120_000

/** One after the other. Throws `HOOK_FAILED` with the first that fails. */
export async function runPostStart(
  client: EngineClient,
  id: string,
  { service, steps }: { service: string; steps: readonly ExecStep[] },
  signal: AbortSignal,
): Promise<void> {
  for (const step of steps) {
    const until = AbortSignal.any([signal, AbortSignal.timeout(startedMs)])
    const exitCode = await exec(client, id, step, until)
    if (exitCode === 0) continue
    const message = `${service}: What runs after its start (${step.Cmd[0]}) ended with code ${exitCode}`
    throw new TychoError('HOOK_FAILED', message, { status: 422, details: { service, exitCode } })
  }
}

/** What a container is to do before it is stopped has its time to end, and no say in whether it ends. */
export async function runPreStop(
  client: EngineClient,
  live: LiveContainer,
  graceSeconds: number,
  signal: AbortSignal,
): Promise<void> {
  if (!live.State.Running) return
  const until = AbortSignal.any([signal, AbortSignal.timeout(graceSeconds * 1_000)])
  for (const step of preStopOf(live)) await exec(client, live.Id, step, until).catch(() => {})
  signal.throwIfAborted()
}

function preStopOf(live: LiveContainer): ExecStep[] {
  try {
    return JSON.parse(labelsOf(live)[LABEL.preStop] ?? '[]') as ExecStep[]
  } catch {
    return []
  }
}

/** The code with which it ended. Its output is read only to know when that is. */
async function exec(client: EngineClient, id: string, step: ExecStep, signal: AbortSignal): Promise<number> {
  const what = `${step.Cmd[0]} in a container`
  const body = { ...step, AttachStdout: true, AttachStderr: true }
  const { Id: run } = await client.json<{ Id: string }>(
    { method: 'POST', path: `/containers/${id}/exec`, body, what },
    signal,
  )
  const start = {
    method: 'POST',
    path: `/exec/${run}/start`,
    body: { Detach: false, Tty: false },
    what,
  } as const
  for await (const _output of await client.stream(start, signal)) signal.throwIfAborted()
  const { ExitCode: exitCode } = await client.json<{ ExitCode?: number | null }>(
    { method: 'GET', path: `/exec/${run}/json`, what },
    signal,
  )
  return exitCode ?? 0
}
