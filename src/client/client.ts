// The API as functions: one for each request of the contract that the command line makes.
import { type Answer, ask as askServer, type Request } from './answer.ts'
import type {
  BatchPlan,
  BatchRequest,
  Doctor,
  IssuedToken,
  Job,
  Preparation,
  Stray,
  System,
  SystemPage,
  SystemRequest,
  Token,
  TokenPage,
  TokenRequest,
} from './shapes.ts'

/** Longest wait of one request, in seconds; the server caps it at 60. */
const longPollSeconds = 30

export type Client = ReturnType<typeof createClient>

/** A job, and the tag by which the next poll asks for a newer one. */
export type TaggedJob = { job: Job; etag: string | null }

/** The same of images that are pulled beforehand. */
export type TaggedPreparation = { preparation: Preparation; etag: string | null }

/**
 * All functions throw UnreachableError, NotTychoError or RefusedError (errors.ts). `server` is the API's base URL;
 * `token` goes with every request, null: none.
 */
export function createClient(server: string, token: string | null = null) {
  const base = server.replace(/\/+$/, '')
  const ask = (request: Request): Promise<Answer> => askServer(base, { ...request, token })
  return {
    server: base,

    async startSystem(request: SystemRequest, signal?: AbortSignal): Promise<TaggedJob> {
      return toTaggedJob(await ask({ method: 'POST', path: '/v1/systems', body: request, signal }))
    },

    /** `volumes`: named volumes are deleted too. */
    async stopSystem(
      name: string,
      { volumes = false, signal }: { volumes?: boolean; signal?: AbortSignal } = {},
    ): Promise<TaggedJob> {
      const path = `${systemPath(name)}${volumes ? '?volumes=true' : ''}`
      return toTaggedJob(await ask({ method: 'DELETE', path, signal }))
    },

    /** Answers when the job is done or differs from `etag`, or after half a minute: then null where nothing changed. */
    async pollJob(id: string, etag: string | null, signal?: AbortSignal): Promise<TaggedJob | null> {
      const path = `/v1/jobs/${encodeURIComponent(id)}?wait=${longPollSeconds}`
      const headers: Record<string, string> = etag ? { 'if-none-match': etag } : {}
      const answer = await ask({ method: 'GET', path, headers, signal })
      return answer.status === 304 ? null : toTaggedJob(answer)
    },

    /** Answers the job as it is then: done, or on its way to it. */
    async cancelJob(id: string, signal?: AbortSignal): Promise<TaggedJob> {
      const path = `/v1/jobs/${encodeURIComponent(id)}/cancel`
      return toTaggedJob(await ask({ method: 'POST', path, signal }))
    },

    /** What it needs; nothing is started. */
    async planBatch(request: BatchRequest, signal?: AbortSignal): Promise<BatchPlan> {
      return (await ask({ method: 'POST', path: '/v1/batches/plan', body: request, signal }))
        .body as BatchPlan
    },

    /** Its images are pulled to the nodes; nothing is started. */
    async prepareBatch(request: BatchRequest, signal?: AbortSignal): Promise<TaggedPreparation> {
      return toTaggedPreparation(
        await ask({ method: 'POST', path: '/v1/batches/prepare', body: request, signal }),
      )
    },

    /** As `pollJob`; without `etag` it answers at once. */
    async pollPreparation(
      id: string,
      etag: string | null,
      signal?: AbortSignal,
    ): Promise<TaggedPreparation | null> {
      const path = `${preparationPath(id)}${etag ? `?wait=${longPollSeconds}` : ''}`
      const headers: Record<string, string> = etag ? { 'if-none-match': etag } : {}
      const answer = await ask({ method: 'GET', path, headers, signal })
      return answer.status === 304 ? null : toTaggedPreparation(answer)
    },

    /** Answers it as it is then: done, or on its way to it. */
    async cancelPreparation(id: string, signal?: AbortSignal): Promise<TaggedPreparation> {
      return toTaggedPreparation(await ask({ method: 'POST', path: `${preparationPath(id)}/cancel`, signal }))
    },

    async doctor(): Promise<Doctor> {
      return (await ask({ method: 'GET', path: '/v1/doctor' })).body as Doctor
    },

    /** `objects`: uids. Answers what is being removed. */
    async removeStrays(objects: readonly string[]): Promise<Stray[]> {
      const answer = await ask({ method: 'POST', path: '/v1/doctor/remove', body: { objects } })
      return (answer.body as { strays: Stray[] }).strays
    },

    async system(name: string): Promise<System> {
      return (await ask({ method: 'GET', path: systemPath(name) })).body as System
    },

    async systems(): Promise<System[]> {
      const pages = await allPages<SystemPage>(ask, '/v1/systems', {})
      return pages.flatMap(({ systems }) => systems)
    },

    /** The only answer that holds the token itself. */
    async createToken(request: TokenRequest): Promise<IssuedToken> {
      return (await ask({ method: 'POST', path: '/v1/tokens', body: request })).body as IssuedToken
    },

    /** Newest first; `tenant` left out: of all. */
    async tokens(tenant?: string): Promise<Token[]> {
      const pages = await allPages<TokenPage>(ask, '/v1/tokens', tenant === undefined ? {} : { tenant })
      return pages.flatMap(({ tokens }) => tokens)
    },

    async revokeToken(id: string): Promise<void> {
      await ask({ method: 'DELETE', path: `/v1/tokens/${encodeURIComponent(id)}` })
    },
  }
}

async function allPages<Page extends { nextPageToken?: string }>(
  ask: (request: Request) => Promise<Answer>,
  path: string,
  filter: Record<string, string>,
): Promise<Page[]> {
  const pages: Page[] = []
  for (let next: string | undefined, more = true; more; more = next !== undefined) {
    const query = new URLSearchParams({ ...filter, pageSize: '1000', ...(next && { pageToken: next }) })
    const page = (await ask({ method: 'GET', path: `${path}?${query}` })).body as Page
    pages.push(page)
    next = page.nextPageToken
  }
  return pages
}

function toTaggedJob(answer: { headers: Headers; body: unknown }): TaggedJob {
  return { job: answer.body as Job, etag: answer.headers.get('etag') }
}

function toTaggedPreparation(answer: { headers: Headers; body: unknown }): TaggedPreparation {
  return { preparation: answer.body as Preparation, etag: answer.headers.get('etag') }
}

function preparationPath(id: string): string {
  return `/v1/preparations/${encodeURIComponent(id)}`
}

function systemPath(name: string): string {
  return `/v1/systems/${encodeURIComponent(name)}`
}
