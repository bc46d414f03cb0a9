// Counts the objects of a collection without reading them: one is asked for, and the server says how many remain
// (https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks).
import type { Client } from '../client.ts'
import type { KubeList } from '../objects.ts'

type Page = KubeList & { metadata?: { remainingItemCount?: number } }

const metadataOnly = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json'

/** For a server that does not say it. */
const pageSize = 500

/** `path`: of the collection. */
export async function countObjects(client: Client, path: string, signal: AbortSignal): Promise<number> {
  const read = (query: Record<string, string>, accept?: string) =>
    client.request<Page>(
      { method: 'GET', path, query, ...(accept && { accept }), context: { subject: subjectOf(path) } },
      signal,
    )
  // The whole object: a list of metadata alone does not say in 1.20 how many remain.
  const first = await read({ limit: '1' })
  const { continue: next, remainingItemCount: remaining } = first.metadata ?? {}
  let count = first.items?.length ?? 0
  if (!next) return count
  if (remaining !== undefined) return count + remaining
  for (let more: string | undefined = next; more; ) {
    const page: Page = await read({ limit: `${pageSize}`, continue: more }, metadataOnly)
    count += page.items?.length ?? 0
    more = page.metadata?.continue || undefined
  }
  return count
}

export function subjectOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
