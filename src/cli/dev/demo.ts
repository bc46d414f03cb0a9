// The first system: `npm start` starts the hello sample through its own API, and stops it at the end.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Client, createClient, type TaggedJob } from '../../client/client.ts'
import { RefusedError } from '../../client/errors.ts'
import type { Job, SystemRequest } from '../../client/shapes.ts'
import type { Output } from '../output.ts'
import { createProgress } from '../progress.ts'
import { jobView } from '../progress-view.ts'
import { printOutcome } from '../result.ts'
import { waitForJob } from '../wait.ts'
import { gatherDemo } from './demo-files.ts'

export type DemoOptions = { url: string; isLocal: boolean; output: Output; closing: AbortSignal }

const name = 'hello'

/** Tells the system of an earlier run, which was killed, from one of the same name that somebody else started. */
const label = 'first-run'

const sample = join(import.meta.dirname, '../../../samples/hello.yml')

/** Laid over the sample, whose image is in no registry. The page has nothing to put in order when it is stopped. */
const addition = `services:
  hello:
    build: .
    stop_signal: SIGKILL
`

const limits = { startMs: 120_000, answerMs: 10_000, stopMs: 15_000 }

/** Starts it and says where it answers. What goes wrong is said, and is no error: the service runs. */
export async function runDemo(options: DemoOptions): Promise<AsyncDisposable | null> {
  const { output, closing } = options
  const client = createClient(options.url)
  try {
    output.note('')
    output.note(
      'Starting the first system from samples/hello.yml, its image built from files of this machine:',
    )
    const first = await client.startSystem(await toRequest(options.isLocal), closing)
    const job = await follow(client, first, options)
    printOutcome(job, null, output)
    if (job.result) await sayAnswer(job.result.endpoints[0]?.url ?? null, options)
  } catch (error) {
    if (closing.aborted) return toStop(client)
    if (!isTaken(error)) {
      output.note(`It could not be started: ${error instanceof Error ? error.message : error}`)
      return null
    }
    return await goOn(client, output)
  }
  return toStop(client)
}

async function toRequest(isLocal: boolean): Promise<SystemRequest> {
  const compose = [await readFile(sample, 'utf8'), addition]
  return { name, compose, files: await gatherDemo(isLocal), labels: { [label]: 'true' } }
}

async function follow(client: Client, first: TaggedJob, { output, closing }: DemoOptions): Promise<Job> {
  using progress = createProgress(output, jobView, { quiet: false })
  return await waitForJob(client, first, {
    onChange: (job) => progress.show(job),
    onAbsence: (reason) => progress.note(`${reason}; trying again`),
    signal: closing,
    limitMs: limits.startMs,
  })
}

/** A container that runs may need a moment until it serves. */
async function sayAnswer(url: string | null, { output, closing }: DemoOptions): Promise<void> {
  if (url === null) return
  const until = Date.now() + limits.answerMs
  for (let reason = ''; ; ) {
    try {
      const { status } = await fetch(url, { signal: closing })
      if (status === 200)
        return output.note(`${output.paint.note('bold', url)} answers: open it in a browser.`)
      reason = `its answer is ${status}`
    } catch (error) {
      closing.throwIfAborted()
      reason = error instanceof Error ? `${error.cause ?? error.message}` : `${error}`
    }
    if (Date.now() > until) return output.note(`${url} does not answer: ${reason}`)
    await delay(100)
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof RefusedError && error.refusal.status === 409
}

async function goOn(client: Client, output: Output): Promise<AsyncDisposable | null> {
  const system = await client.system(name)
  const urls = system.endpoints.flatMap(({ url }) => url ?? [])
  output.note(`A system of the name ${name} is there already (${system.phase}) ${urls.join(' ')}`)
  return system.labels?.[label] === undefined ? null : toStop(client)
}

/** Within a limit: what still stands then is stopped by the next start, or by `tycho down hello`. */
function toStop(client: Client): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      const quiet = { onChange() {}, onAbsence() {}, limitMs: limits.stopMs }
      const signal = AbortSignal.timeout(limits.stopMs)
      const stop = async () =>
        waitForJob(client, await client.stopSystem(name, { signal }), { ...quiet, signal })
      await stop().catch(() => {})
    },
  }
}
