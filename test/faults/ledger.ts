// A client that remembers: what it was promised, and everything that it has been told since.
import { randomUUID } from 'node:crypto'
import type { Job } from '../../src/jobs/job.ts'
import { UndeclaredAnswer } from '../kit/contract/contract.ts'
import type { Tycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'
import { canary, type Template, templates } from './templates.ts'

/** What a job was asked for with; `key` is its Idempotency-Key. */
export type Request = { key: string; body: object }

export type Entry = { name: string; template: Template; sightings: Job[] }

export type Ledger = {
  /** By the id of each job that was answered with 202. */
  entries: ReadonlyMap<string, Entry>
  /** The first requests, by the id of the job that they were answered with. */
  requests: ReadonlyMap<string, Request>
  /** Sends such a request once more; answers the id of its job, or what it was refused with. */
  repeat(request: Request): Promise<string>
  /** Answers that held the secret value. */
  leaks: string[]
  /** Answers that the OpenAPI document does not describe, and how they differ. */
  undeclared: string[]
  /** Starts a system; asks again as long as the answer is 503 or lost. */
  start(name: string, template?: Template, more?: object): Promise<Job>
  /** Stops a system; null where nothing of it is left. */
  stop(name: string): Promise<Job | null>
  /** Reads a job; null where that is not to be had now. */
  read(id: string): Promise<Job | null>
  /** Reads a job until it is so. */
  until(id: string, isSo: (job: Job) => boolean): Promise<Job>
  done(id: string): Promise<Job>
}

type Answer = { status: number; body: Job }

/** Long enough for every fault of the suite to pass. */
const patience = { timeoutMs: 300_000, intervalMs: 250 }

/** `asking`: fields of every start. */
export function createLedger({ send }: Pick<Tycho, 'send'>, asking: object = {}): Ledger {
  const entries = new Map<string, Entry>()
  const templateOf = new Map<string, Template>()
  const leaks: string[] = []
  const undeclared: string[] = []

  const requests = new Map<string, Request>()

  const ask = async (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer | null> => {
    const answer = await send<Job>(method, path, body, headers).catch((error: unknown) => {
      if (error instanceof UndeclaredAnswer) undeclared.push(error.message)
      return null
    })
    if (JSON.stringify(answer?.body ?? '').includes(canary)) leaks.push(`${method} ${path}`)
    return answer
  }

  /** An answer that says something: neither lost nor 503. */
  const settled = (
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer> =>
    waitFor(
      `an answer to ${method} ${path}`,
      async () => {
        const answer = await ask(method, path, body, headers)
        return answer && answer.status < 500 ? answer : null
      },
      patience,
    )

  const see = (job: Job): Job => {
    const { name } = job.system
    const entry = entries.get(job.id) ?? { name, template: templateOf.get(name) ?? 'plain', sightings: [] }
    entry.sightings.push(job)
    entries.set(job.id, entry)
    return job
  }

  const read: Ledger['read'] = async (id) => {
    const answer = await ask('GET', `/v1/jobs/${id}`)
    return answer?.status === 200 ? see(answer.body) : null
  }

  const until: Ledger['until'] = (id, isSo) =>
    waitFor(
      `job ${id}`,
      async () => {
        const job = await read(id)
        return job && isSo(job) ? job : null
      },
      patience,
    )

  const post = ({ key, body }: Request) => settled('POST', '/v1/systems', body, { 'idempotency-key': key })

  return {
    entries,
    requests,
    leaks,
    undeclared,
    read,
    until,
    done: (id) => until(id, (job) => job.done),
    async start(name, template = 'plain', more = {}) {
      templateOf.set(name, template)
      const request = { key: randomUUID(), body: { name, ...templates[template], ...asking, ...more } }
      const first = await post(request)
      // A system of the name, as after a loss of all data: PUT changes it, and is answered with the job that runs.
      const { status, body } =
        first.status === 409 ? await settled('PUT', `/v1/systems/${name}`, request.body) : first
      if (status !== 202) throw new Error(`the start of ${name} was refused: ${JSON.stringify(body)}`)
      if (first.status === 202) requests.set(body.id, request)
      return see(body)
    },
    async repeat(request) {
      const { status, body } = await post(request)
      return status === 202 ? body.id : `${status} ${JSON.stringify(body)}`
    },
    async stop(name) {
      const { status, body } = await settled('DELETE', `/v1/systems/${name}`)
      if (status === 404) return null
      if (status !== 202) throw new Error(`the stop of ${name} was refused: ${JSON.stringify(body)}`)
      return see(body)
    },
  }
}
