// Whether what a run has left in Redis fits together, as the API itself tells it.

import type { JobPage } from '../../../src/api/schemas/job.ts'
import type { System, SystemPage } from '../../../src/api/schemas/system.ts'
import type { Job } from '../../../src/jobs/job.ts'
import type { TestApi } from '../kit.ts'

/** Sentences about what does not fit; none is good. */
export async function findInconsistencies(api: TestApi, url: string): Promise<string[]> {
  const read = async <T>(path: string) => (await (await fetch(`${url}${path}`)).json()) as T
  const jobs = await pages<Job>(async (query) => read<JobPage>(`/v1/jobs${query}`), 'jobs')
  const systems = await pages<System>(async (query) => read<SystemPage>(`/v1/systems${query}`), 'systems')
  const byId = new Map(jobs.map((job) => [job.id, job]))
  return [
    ...doubles(jobs.map(({ id }) => id)).map((id) => `job ${id} is listed twice`),
    ...doubles(systems.map(({ name }) => name)).map((name) => `system ${name} is listed twice`),
    ...api.enqueued
      .filter(({ id }) => !byId.has(id))
      .map(({ id }) => `job ${id} was enqueued and is not listed`),
    ...jobs
      .filter(({ id }) => !api.enqueued.some((one) => one.id === id))
      .map(({ id }) => `job ${id} has no task`),
    ...systems
      .filter(({ job }) => !byId.has(job.id))
      .map(({ name }) => `the job of system ${name} is not listed`),
    ...jobs.filter(isHalfDone).map(({ id, status }) => `job ${id} is ${status} without what that needs`),
    ...workedOnTwice(jobs),
    ...endedWithWork(systems, byId),
  ]
}

async function pages<T>(
  read: (query: string) => Promise<{ nextPageToken?: string }>,
  field: string,
): Promise<T[]> {
  const found: T[] = []
  let query = '?pageSize=7'
  for (;;) {
    const page = await read(query)
    found.push(...((page as Record<string, unknown>)[field] as T[]))
    if (page.nextPageToken === undefined) return found
    query = `?pageSize=7&pageToken=${page.nextPageToken}`
  }
}

function doubles(names: readonly string[]): string[] {
  return names.filter((name, at) => names.indexOf(name) !== at)
}

/** Exactly one of `result` and `error` once a job is done; neither before. */
function isHalfDone({ done, status, result, error }: Job): boolean {
  const isEnd = !['queued', 'running'].includes(status)
  if (isEnd !== done) return true
  if (!done) return result !== undefined
  return (result === undefined) === (error === undefined)
}

function workedOnTwice(jobs: readonly Job[]): string[] {
  const live = jobs.filter(({ done }) => !done).map(({ system }) => system.name)
  return doubles(live).map((name) => `two jobs work on system ${name}`)
}

function endedWithWork(systems: readonly System[], jobs: ReadonlyMap<string, Job>): string[] {
  return systems
    .filter(({ phase, job }) => phase === 'stopped' && jobs.get(job.id)?.done === false)
    .map(({ name }) => `system ${name} is stopped while a job works on it`)
}
