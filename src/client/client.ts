// The API as functions: one for each request of the contract that the command line makes.
import { ask } from './answer.ts'
import type { Doctor, Job, Stray, System, SystemPage, SystemRequest } from './shapes.ts'

/** Longest wait of one request, in seconds; the server caps it at 60. */
const longPollSeconds = 30

export type Client = ReturnType<typeof createClient>

/** A job, and the tag by which the next poll asks for a newer one. */
export type TaggedJob = { job: Job; etag: string | null }

/**
 * All functions throw UnreachableError, NotTychoError or RefusedError (errors.ts). `server` is the API's base URL.
 */
export function createClient(server: string) {
  const base = server.replace(/\/+$/, '')
  return {
    server: base,

    async startSystem(request: SystemRequest, signal?: AbortSignal): Promise<TaggedJob> {
      return toTaggedJob(await ask(base, { method: 'POST', path: '/v1/systems', body: request, signal }))
    },

    /** `volumes`: named volumes are deleted too. */
    async stopSystem(
      name: string,
      { volumes = false, signal }: { volumes?: boolean; signal?: AbortSignal } = {},
    ): Promise<TaggedJob> {
      const path = `${systemPath(name)}${volumes ? '?volumes=true' : ''}`
      return toTaggedJob(await ask(base, { method: 'DELETE', path, signal }))
    },

    /** Answers when the job is done or differs from `etag`, or after half a minute: then null where nothing changed. */
    async pollJob(id: string, etag: string | null, signal?: AbortSignal): Promise<TaggedJob | null> {
      const path = `/v1/jobs/${encodeURIComponent(id)}?wait=${longPollSeconds}`
      const headers: Record<string, string> = etag ? { 'if-none-match': etag } : {}
      const answer = await ask(base, { method: 'GET', path, headers, signal })
      return answer.status === 304 ? null : toTaggedJob(answer)
    },

    /** Answers the job as it is then: done, or on its way to it. */
    async cancelJob(id: string, signal?: AbortSignal): Promise<TaggedJob> {
      const path = `/v1/jobs/${encodeURIComponent(id)}/cancel`
      return toTaggedJob(await ask(base, { method: 'POST', path, signal }))
    },

    async doctor(): Promise<Doctor> {
      return (await ask(base, { method: 'GET', path: '/v1/doctor' })).body as Doctor
    },

    /** `objects`: uids. Answers what is being removed. */
    async removeStrays(objects: readonly string[]): Promise<Stray[]> {
      const answer = await ask(base, { method: 'POST', path: '/v1/doctor/remove', body: { objects } })
      return (answer.body as { strays: Stray[] }).strays
    },

    async system(name: string): Promise<System> {
      return (await ask(base, { method: 'GET', path: systemPath(name) })).body as System
    },

    async systems(): Promise<System[]> {
      const systems: System[] = []
      for (let token: string | undefined, more = true; more; more = token !== undefined) {
        const query = new URLSearchParams({ pageSize: '1000', ...(token && { pageToken: token }) })
        const page = (await ask(base, { method: 'GET', path: `/v1/systems?${query}` })).body as SystemPage
        systems.push(...page.systems)
        token = page.nextPageToken
      }
      return systems
    },
  }
}

function toTaggedJob(answer: { headers: Headers; body: unknown }): TaggedJob {
  return { job: answer.body as Job, etag: answer.headers.get('etag') }
}

function systemPath(name: string): string {
  return `/v1/systems/${encodeURIComponent(name)}`
}
