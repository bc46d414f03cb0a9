// Images that are pulled to the nodes beforehand.
import { type Connection, longPollSeconds, newerThan } from './connection.ts'
import type { BatchRequest, Preparation } from './shapes.ts'

/** A preparation, and the tag by which the next poll asks for a newer one. */
export type TaggedPreparation = { preparation: Preparation; etag: string | null }

export function preparationRequests({ ask }: Connection) {
  return {
    /** Its images are pulled to the nodes; nothing is started. */
    async prepareBatch(request: BatchRequest, signal?: AbortSignal): Promise<TaggedPreparation> {
      return toTagged(await ask({ method: 'POST', path: '/v1/batches/prepare', body: request, signal }))
    },

    /** As `pollJob`; without `etag` it answers at once. */
    async pollPreparation(
      id: string,
      etag: string | null,
      signal?: AbortSignal,
    ): Promise<TaggedPreparation | null> {
      const path = `${preparationPath(id)}${etag ? `?wait=${longPollSeconds}` : ''}`
      const answer = await ask({ method: 'GET', path, headers: newerThan(etag), signal })
      return answer.status === 304 ? null : toTagged(answer)
    },

    /** Answers it as it is then: done, or on its way to it. */
    async cancelPreparation(id: string, signal?: AbortSignal): Promise<TaggedPreparation> {
      return toTagged(await ask({ method: 'POST', path: `${preparationPath(id)}/cancel`, signal }))
    },
  }
}

function toTagged({ headers, body }: { headers: Headers; body: unknown }): TaggedPreparation {
  return { preparation: body as Preparation, etag: headers.get('etag') }
}

function preparationPath(id: string): string {
  return `/v1/preparations/${encodeURIComponent(id)}`
}
