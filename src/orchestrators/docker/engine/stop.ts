// The end of a container: with what it has to do before, and its own time.
import type { EngineClient } from './client.ts'
import { runPreStop } from './exec.ts'
import { type LiveContainer, nameOf } from './live.ts'
import type { Requests } from './requests.ts'

export type Stopping = { client: EngineClient; requests: Requests; signal: AbortSignal }

export async function stopContainer(
  live: LiveContainer,
  { client, requests, signal }: Stopping,
): Promise<void> {
  if (!live.State.Running && !live.State.Restarting) return
  const grace = graceOf(live)
  await runPreStop(client, live, grace, signal)
  await requests.stop(live.Id, nameOf(live), grace, signal)
}

export async function removeContainer(live: LiveContainer, stopping: Stopping): Promise<void> {
  await stopContainer(live, stopping)
  await stopping.requests.removeContainer(live.Id, nameOf(live), stopping.signal)
}

/** In seconds; Docker's own where the container has none. */
function graceOf({ Config: { StopTimeout } }: LiveContainer): number {
  return StopTimeout ?? 10
}
