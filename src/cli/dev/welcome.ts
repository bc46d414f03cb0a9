// What `tycho dev` says once it runs.
import { accessSync, constants } from 'node:fs'
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

const socket = '/var/run/docker.sock'

/** On what systems run; one sentence where they can't, with what to do. */
export function sayPlace({ orchestrator, cluster, reason }: ReadyState, output: Output): void {
  const place = { kubernetes: 'a Kubernetes cluster', docker: 'Docker', swarm: 'a Docker Swarm' }[
    orchestrator
  ]
  if (cluster === 'reachable') output.note(`Systems run on ${place}.`)
  else if (orchestrator !== 'kubernetes') output.note(`Systems wait until ${place} can be reached: ${reason}`)
  else if (isForbidden(socket))
    output.note(`${waits}: Docker is here, but this user may not use ${socket}. ${join}`)
  else output.note(`${waits}: ${howToGetOne}`)
}

const waits = 'No cluster answers yet, and no Docker'

const join =
  '"sudo usermod -aG docker $USER" allows it from the next login on; then start Tycho again. "npm run cluster up" makes a ' +
  'cluster instead.'

const howToGetOne =
  'install Docker (such as "sudo apt-get install docker.io", or https://docs.docker.com/get-docker/) and start Tycho ' +
  'again; or "npm run cluster up" makes a cluster on this machine; or give a kubeconfig (KUBECONFIG or ~/.kube/config). ' +
  'Tycho goes on by itself when a cluster appears.'

function isForbidden(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EACCES'
  }
}

/** The first answer in which the worker has said how it is; undefined when `signal` aborts before. */
export async function readReadiness(url: string, signal: AbortSignal): Promise<ReadyState | undefined> {
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
