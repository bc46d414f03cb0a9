// A fact that holds on every orchestrator, and what it takes to see it.
import { expect } from 'vitest'
import type { System } from '../../../src/api/schemas/system.ts'
import type { Job } from '../../../src/jobs/job.ts'
import type { Tycho } from '../../kit/tycho.ts'
import { waitFor } from '../../kit/wait.ts'
import { must } from '../../kit/work.ts'
import type { Place } from './place.ts'

/**
 * Others run at the same time, so its systems have names of their own. What it starts is stopped after it, with its
 * volumes, and then nothing may be left.
 */
export type Scenario = (bench: Bench) => Promise<void>

export type Bench = {
  tycho: Tycho
  place: Place
  /** Starts a system and answers its job at once. */
  start(body: { name: string; [field: string]: unknown }): Promise<Job>
  /** What there is of all systems that were started here. */
  left(): Promise<string[]>
  /** Stops them with their volumes; fails if anything is left then. */
  stopAll(): Promise<void>
  /** Asks for a change and waits until it is done, however it ends. */
  ask(method: string, path: string, body?: object): Promise<Job>
  /** As ask, for one that must succeed. */
  run(method: string, path: string, body?: object): Promise<Job>
  show(system: string): Promise<System>
  cancel(job: Job): Promise<{ status: number; body: Job }>
  /** Waits until the job says that this service is so; `code`: of its reason. */
  untilService(job: Job, service: string, is: { readiness?: string; code?: string }): Promise<Job>
}

export function createBench(tycho: Tycho, place: Place): Bench {
  const systems = new Set<string>()
  const left = async () => (await Promise.all([...systems].map((system) => place.objects(system)))).flat()
  const ask = async (method: string, path: string, body?: object) => {
    if (body && 'name' in body) systems.add(`${body.name}`)
    const answer = await tycho.send<Job>(method, `/v1/systems${path}`, body)
    expect(answer).toMatchObject({ status: 202 })
    return tycho.done(answer.body)
  }
  return {
    tycho,
    place,
    ask,
    left,
    start(body) {
      systems.add(body.name)
      return tycho.start(body)
    },
    async stopAll() {
      await Promise.all([...systems].map((system) => stop(tycho, system)))
      await waitFor('nothing to be left', async () => (await left()).length === 0).catch(async () => {
        expect(await left()).toEqual([])
      })
    },
    async run(method, path, body) {
      const job = await ask(method, path, body)
      expect([job.system.name, job.status, job.error]).toEqual([job.system.name, 'succeeded', undefined])
      return job
    },
    show: async (system) => (await tycho.send<System>('GET', `/v1/systems/${system}`)).body,
    cancel: ({ id }) => tycho.send<Job>('POST', `/v1/jobs/${id}/cancel`),
    untilService: ({ id }, service, { readiness, code }) =>
      waitFor(`${service} to be ${readiness ?? code}`, async () => {
        const { body } = await tycho.send<Job>('GET', `/v1/jobs/${id}`)
        const seen = body.progress.services[service]
        const isSo = readiness ? seen?.readiness === readiness : seen?.reason?.code === code
        return isSo ? body : undefined
      }),
  }
}

/** Also one that is stopped already, of which volumes may be left. */
async function stop(tycho: Tycho, system: string): Promise<void> {
  const { status, body } = await tycho.send<Job>('DELETE', `/v1/systems/${system}?volumes=true`)
  if (status === 202) expect(await tycho.done(body)).toMatchObject({ status: 'succeeded' })
}

/** Where a service answers; the first of its ports. */
export function urlOf({ result }: Pick<Job, 'result'>, service: string): string {
  return must(result?.endpoints.find((endpoint) => endpoint.service === service)?.url)
}

/** A service that runs a script and hears a signal; `$` in it is the shell's. */
export const shell = (script: string, more: object = {}) => ({
  image: 'demo/shell',
  restart: 'always',
  command: ['sh', '-c', script.replaceAll('$', '$$$$')],
  stop_grace_period: '1s',
  ...more,
})

/** A page on port 8888. */
export const page = (more: object = {}) => ({
  image: 'demo/hello',
  restart: 'always',
  stop_grace_period: '1s',
  ...more,
})

/** It runs and never becomes healthy. */
export const neverHealthy = page({ healthcheck: { test: ['CMD', 'false'], interval: '1s', retries: 1000 } })
