// Processes to which things happen: killed, frozen for longer than their locks last, asked to end; always replaced.
import type { Random } from '../kit/random.ts'
import type { Tycho, TychoProcess } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'

export type Crew = AsyncDisposable & {
  /** What was done, in order. */
  deeds: string[]
}

/** A task's lock lasts 5 s and is looked at every 2 s; the loops' leases last 5 s. */
const frozenMs = 9_000

/** Lets something happen to one of the workers, again and again, until it is disposed of. */
export function disturbWorkers(tycho: Tycho, random: Random): Crew {
  const deeds: string[] = []
  const crew = [...tycho.workers]
  const frozen = new Set<TychoProcess>()
  const stop = new AbortController()
  const replace = (worker: TychoProcess) => {
    crew.splice(crew.indexOf(worker), 1, tycho.startWorker())
  }
  const deed = {
    async kill(worker: TychoProcess) {
      await worker.kill()
      replace(worker)
    },
    async freeze(worker: TychoProcess) {
      worker.signal('SIGSTOP')
      frozen.add(worker)
      await pass(frozenMs, stop.signal)
      worker.signal('SIGCONT')
      frozen.delete(worker)
    },
    async end(worker: TychoProcess) {
      await worker[Symbol.asyncDispose]()
      replace(worker)
    },
  }
  const disturbing = (async () => {
    while (!stop.signal.aborted) {
      const name = random.pick(['kill', 'kill', 'freeze', 'end'] as const)
      deeds.push(name)
      await deed[name](random.pick(crew))
      await pass(500 + random.below(2_500), stop.signal)
    }
  })()
  return {
    deeds,
    async [Symbol.asyncDispose]() {
      stop.abort()
      for (const worker of frozen) worker.signal('SIGCONT')
      await disturbing
    },
  }
}

/** Kills the API again and again; what its clients see of that is an answer that does not come. */
export function disturbApi(tycho: Tycho, random: Random): Crew {
  const deeds: string[] = []
  const stop = new AbortController()
  const disturbing = (async () => {
    while (!stop.signal.aborted) {
      await pass(1_000 + random.below(4_000), stop.signal)
      deeds.push('kill')
      await tycho.restartApi()
    }
  })()
  return {
    deeds,
    async [Symbol.asyncDispose]() {
      stop.abort()
      await disturbing
    },
  }
}

async function pass(ms: number, signal: AbortSignal): Promise<void> {
  const until = Date.now() + ms
  await waitFor('a while', () => Date.now() >= until, { timeoutMs: 2 * ms, intervalMs: 50, signal }).catch(
    () => {},
  )
}
