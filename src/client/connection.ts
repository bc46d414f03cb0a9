// What the functions of the client share: one server, one token, and how its lists are read to their end.
import { type Answer, ask, askText, type Request } from './answer.ts'

/** Longest wait of one request, in seconds; the server caps it at 60. */
export const longPollSeconds = 30

/** Both throw UnreachableError, NotTychoError or RefusedError (errors.ts). */
export type Connection = {
  ask(request: Request): Promise<Answer>
  /** See `askText`. */
  text(request: Request): AsyncGenerator<string>
}

/** `server`: the API's base URL, without a slash at its end. */
export function createConnection(server: string, token: string | null, signal?: AbortSignal): Connection {
  const complete = (request: Request): Request => ({ ...request, token, signal: request.signal ?? signal })
  return {
    ask: (request) => ask(server, complete(request)),
    text: (request) => askText(server, complete(request)),
  }
}

/** Parts of a query that are not said are left out. */
export type Filter = Readonly<Record<string, string | number | boolean | undefined>>

/** With its question mark; nothing where nothing is asked. */
export function toQuery(filter: Filter): string {
  const said = Object.entries(filter).filter(([, value]) => value !== undefined)
  const query = new URLSearchParams(said.map(([name, value]): [string, string] => [name, `${value}`]))
  return query.size > 0 ? `?${query}` : ''
}

/** Pages of a list until its last, each as it is wanted. */
export async function* pagesOf<Page extends { nextPageToken?: string }>(
  { ask }: Connection,
  path: string,
  filter: Filter = {},
  pageSize = 1000,
): AsyncGenerator<Page> {
  for (let next: string | undefined, more = true; more; more = next !== undefined) {
    const query = toQuery({ ...filter, pageSize, pageToken: next })
    const page = (await ask({ method: 'GET', path: `${path}${query}` })).body as Page
    yield page
    next = page.nextPageToken
  }
}

/** At most so many of a list's things; `limit` null: all. */
export async function listOf<Page extends { nextPageToken?: string }, Of>(
  connection: Connection,
  path: string,
  { filter = {}, limit = null }: { filter?: Filter; limit?: number | null },
  thingsOf: (page: Page) => Of[],
): Promise<Of[]> {
  const found: Of[] = []
  const size = limit === null ? 1000 : Math.min(1000, limit)
  for await (const page of pagesOf<Page>(connection, path, filter, size)) {
    found.push(...thingsOf(page))
    if (limit !== null && found.length >= limit) return found.slice(0, limit)
  }
  return found
}

/** Headers by which a poll asks for what is newer than `etag`. */
export function newerThan(etag: string | null): Record<string, string> {
  return etag ? { 'if-none-match': etag } : {}
}
