// What `tycho dev` says once it runs.
import { setTimeout as delay } from 'node:timers/promises'
import type { ReadyState } from '../../client/shapes.ts'
import type { Config } from '../../config.ts'
import type { Output } from '../output.ts'

const pauseMs = 250

export function sayWelcome({ url, config }: { url: string; config: Config }, output: Output): void {
  const { note } = output
  note('')
  note(`Tycho is running at ${output.paint.note('bold', url)}`)
  note(`  API in Swagger:  ${url}/apidocs/`)
  note('  Try it:          npx tycho up -f samples/hello.yml')
  note('  Stop it:         Ctrl-C')
  note('')
  note(
    config.anonymousTenant === null
      ? 'Calls without a token are answered 401: this address can be reached from outside this machine. Set ' +
          'TYCHO_ADMIN_TOKEN, and make tokens with "tycho tokens create".'
      : `Everybody on this machine can call it without a token, as tenant "${config.anonymousTenant}".`,
  )
}

/** One sentence when no cluster can be reached: how to get one. */
export async function sayCluster(url: string, output: Output, signal: AbortSignal): Promise<void> {
  const state = await readReadiness(url, signal)
  if (!state || state.cluster === 'reachable') return
  output.note(
    'No cluster answers yet: "npm run cluster up" makes one on this machine, or give a kubeconfig (KUBECONFIG or ' +
      '~/.kube/config); Tycho goes on by itself when one appears.',
  )
}

/** The first answer in which the worker has said how it is; undefined when `signal` aborts before. */
async function readReadiness(url: string, signal: AbortSignal): Promise<ReadyState | undefined> {
  while (!signal.aborted) {
    try {
      const state = (await (await fetch(`${url}/readyz`, { signal })).json()) as ReadyState
      if (state.workers > 0) return state
      await delay(pauseMs, undefined, { signal })
    } catch {
      if (!signal.aborted) await delay(pauseMs)
    }
  }
  return undefined
}
