// The verbs of the API on typed resources (https://kubernetes.io/docs/reference/using-api/api-concepts/).
import { codes, hasCode } from './api-error.ts'
import type { Client } from './client.ts'
import { createVersion } from './cluster-version.ts'
import { type Kind, pathOf, servedIn } from './kinds.ts'
import type { KubeList, KubeObject } from './objects.ts'

/** One object: its kind, where it stands, and for errors the Compose path that it came from. */
export type Target = { kind: Kind; namespace: string; name: string; composePath?: string }

/** Where objects of a kind are. */
type Collection = Pick<Kind, 'apiVersion' | 'plural' | 'earlier'>

/** Both selectors left out: all of the kind. `isCached`: the API server need not ask its store, and may answer an older state. */
export type ListOptions = {
  kind: Collection
  namespace: string | null
  selector?: string
  fieldSelector?: string
  metadataOnly?: boolean
  isCached?: boolean
}

/** `resourceVersion` is where a watch goes on from. */
export type Listed = { items: KubeObject[]; resourceVersion: string }

/** Sends a request that changes something. */
export type Write = Client['request']

/** Objects that one answer holds. */
const pageSize = 250

export type Resources = {
  /** Changes with the cluster: versions of one mean nothing in another. */
  generation(): Promise<number>
  list(options: ListOptions, signal: AbortSignal): Promise<KubeObject[]>
  /** The same page by page, of which there is one at least: all are of the same version of the list. */
  pages(options: ListOptions, signal: AbortSignal): AsyncGenerator<Listed>
  /** Resolves when the server has taken the watch; its events are to be read until they end, or the signal aborts. */
  watch(
    options: ListOptions,
    query: Record<string, string>,
    signal: AbortSignal,
  ): Promise<AsyncGenerator<unknown>>
  /** Undefined where there is none. */
  read(target: Target, signal: AbortSignal): Promise<KubeObject | undefined>
  /** Throws `OBJECT_EXISTS` where there is one. */
  create(target: Target, body: object, signal: AbortSignal): Promise<KubeObject>
  /** Server-side apply. With `metadata.uid` in the body it changes that very object or nothing. */
  apply(target: Target, body: object, signal: AbortSignal): Promise<KubeObject>
  /** A server-side apply that is not carried out: throws what would be refused, unknown fields too. */
  dryRun(target: Target, body: object, signal: AbortSignal): Promise<KubeObject>
  /** A JSON patch (RFC 6902). */
  patch(target: Target, operations: readonly object[], signal: AbortSignal): Promise<KubeObject>
  /** Deletes the object with this uid, dependents in the background. Throws when it is gone or another. */
  remove(target: Target, uid: string, signal: AbortSignal, options?: DeleteOptions): Promise<void>
}

/** `resourceVersion`: it must still be as it was read. Left out, the grace period is the object's own. */
export type DeleteOptions = { gracePeriodSeconds?: number; resourceVersion?: string }

/** The owner of the fields that Tycho writes. */
export const fieldManager = 'tycho'

const metadataOf = {
  list: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json',
  watch: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json',
}

/** Writes are sent as `write` says. `version`: where it is read for several together. */
export function createResources(
  client: Client,
  write: Write = client.request,
  version = createVersion(client),
): Resources {
  const served = async <Of extends Collection>(kind: Of, signal: AbortSignal) =>
    kind.earlier ? servedIn(kind, (await version(signal)).minor) : kind
  const writing = async (target: Target, signal: AbortSignal) => ({
    path: pathOf(await served(target.kind, signal), target.namespace, target.name),
    context: contextOf(target),
    query: { fieldManager },
  })
  async function* pages({ kind, ...given }: ListOptions, signal: AbortSignal): AsyncGenerator<Listed> {
    const options = { ...given, kind: await served(kind, signal) }
    let next: string | undefined
    do {
      const page = await client.request<KubeList>(listRequest(options, pageSize, next), signal)
      next = page.metadata?.continue || undefined
      yield { items: page.items ?? [], resourceVersion: page.metadata?.resourceVersion ?? '' }
    } while (next)
  }
  return {
    generation: async () => (await client.connection()).generation,
    async list(options, signal) {
      const items: KubeObject[] = []
      for await (const page of pages(options, signal)) for (const item of page.items) items.push(item)
      return items
    },
    pages,
    async watch({ kind, ...given }, query, signal) {
      const options = { ...given, kind: await served(kind, signal) }
      return client.stream(watchRequest(options, query), signal)
    },
    async read(target, signal) {
      const request = { method: 'GET' as const, ...(await writing(target, signal)), query: {} }
      try {
        return await client.request<KubeObject>(request, signal)
      } catch (error) {
        if (hasCode(error, codes.notFound)) return undefined
        throw error
      }
    },
    create: async (target, body, signal) => {
      const path = pathOf(await served(target.kind, signal), target.namespace)
      const request = { method: 'POST' as const, ...(await writing(target, signal)), path, body }
      return write<KubeObject>(request, signal)
    },
    apply: async (target, body, signal) =>
      write<KubeObject>(
        {
          method: 'PATCH',
          ...(await writing(target, signal)),
          query: { fieldManager, force: 'true' },
          body,
          contentType: 'application/apply-patch+yaml',
        },
        signal,
      ),
    dryRun: async (target, body, signal) =>
      client.request<KubeObject>(
        {
          method: 'PATCH',
          ...(await writing(target, signal)),
          query: { fieldManager, force: 'true', dryRun: 'All' },
          body,
          contentType: 'application/apply-patch+yaml',
        },
        signal,
      ),
    patch: async (target, operations, signal) =>
      write<KubeObject>(
        {
          method: 'PATCH',
          ...(await writing(target, signal)),
          body: operations,
          contentType: 'application/json-patch+json',
        },
        signal,
      ),
    async remove(target, uid, signal, { resourceVersion, gracePeriodSeconds } = {}) {
      // Without a policy the pods of a Job stay (batch/v1 orphans them by default).
      const body = {
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        propagationPolicy: 'Background',
        preconditions: { uid, ...(resourceVersion !== undefined && { resourceVersion }) },
        ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
      }
      await write({ method: 'DELETE', ...(await writing(target, signal)), query: {}, body }, signal)
    },
  }
}

function contextOf({ kind, namespace, name, composePath }: Target) {
  return { subject: `${kind.kind}/${name}`, namespace, ...(composePath !== undefined && { composePath }) }
}

function listRequest(
  { kind, namespace, metadataOnly, isCached = false, ...selectors }: ListOptions,
  pageSize: number,
  next?: string,
) {
  // "Any" version: https://kubernetes.io/docs/reference/using-api/api-concepts/#resource-versions
  const version: Record<string, string> = isCached && !next ? { resourceVersion: '0' } : {}
  return {
    method: 'GET' as const,
    path: pathOf(kind, namespace),
    query: { ...toQuery(selectors), limit: `${pageSize}`, ...version, ...(next && { continue: next }) },
    ...(metadataOnly && { accept: metadataOf.list }),
    context: { subject: kind.plural, namespace },
  }
}

function watchRequest(
  { kind, namespace, metadataOnly, ...selectors }: ListOptions,
  query: Record<string, string>,
) {
  return {
    method: 'GET' as const,
    path: pathOf(kind, namespace),
    query: { watch: 'true', ...toQuery(selectors), ...query },
    ...(metadataOnly && { accept: metadataOf.watch }),
    context: { subject: kind.plural, namespace },
  }
}

function toQuery({ selector, fieldSelector }: Pick<ListOptions, 'selector' | 'fieldSelector'>) {
  return {
    ...(selector !== undefined && { labelSelector: selector }),
    ...(fieldSelector !== undefined && { fieldSelector }),
  }
}
