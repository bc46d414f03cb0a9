// `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): the same request again answers what the first has made.
//
// A POST that makes a job: `const job = await onceJob(context, request, reply, (key) => …)`, where `key` goes on to
// `works.accept({ …, requestKey: key })` (or `stopLive`, or the `requestKey` of a Submission), which writes it together
// with the job. Where that answers `repeated`: `throw repeated()`.
//
// A POST that makes anything else: `once`, with `writeRequestKey(key, id)` joined *first* into the transaction that makes
// it, and `keepRequestKey(key.name, ms)` where it begins to be forgotten (at once, if it has no end of its own). For Lua
// of one's own: `HGET key.name first` must be nil, and `HSET key.name first <JSON FirstRequest>` is the write.
//
// What a first answer alone may show (the secret of a token) is not shown again: `again` throws
// `apiError('SECRET_SHOWN', …)`, which names what was made.
//
// Schemas: `headers: KeyedHeaders` (or `KeyedPreferHeaders`) where the key is honoured, else
// `description: keyHasNoEffect('why the request can be repeated without it')`; a test goes over all POST routes.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { JobRecord } from '../jobs/job.ts'
import { TychoError } from '../problem.ts'
import type { RequestKey } from '../store/request-keys.ts'
import { apiError } from './api-error.ts'
import type { ApiContext } from './context.ts'
import { requestKeyOf } from './request-key.ts'

type Once<T> = {
  /** Does what is asked and writes the key with it; null: the request has none. */
  first: (key: RequestKey | null) => Promise<T>
  /** What the first request has made, as it is now; null: it is forgotten. */
  again: (id: string) => Promise<T | null>
}

/**
 * Answers `first`, or `again` with `Idempotent-Replayed: true` where the tenant has sent the key to this route before.
 * Throws INVALID_REQUEST (400) for a key that is none, IDEMPOTENCY_KEY_REUSED (422) where body or query were others
 * then, and what `first` and `again` throw.
 */
export async function once<T>(
  context: ApiContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { first, again }: Once<T>,
): Promise<T> {
  const key = requestKeyOf(context.store.requestKeys, request)
  if (key === null) return first(null)
  const replayed = async (): Promise<T | null> => {
    const known = await context.store.requestKeys.first(key.name)
    if (known === null) return null
    if (known.fingerprint !== key.fingerprint) throw reused()
    const made = await again(known.id)
    if (made === null) throw repeated()
    reply.header('idempotent-replayed', 'true')
    return made
  }
  try {
    return (await replayed()) ?? (await first(key))
  } catch (error) {
    // What stands in the way may be the work of the first request, which was accepted since the key was looked up.
    const made = error instanceof TychoError && error.code !== reusedCode ? await replayed() : null
    if (made === null) throw error
    return made
  }
}

/** The same for a request that makes a job: a repeated one answers it as it is now. */
export function onceJob(
  context: ApiContext,
  request: FastifyRequest,
  reply: FastifyReply,
  first: Once<JobRecord>['first'],
): Promise<JobRecord> {
  return once(context, request, reply, { first, again: (id) => context.store.works.job(id) })
}

/** `once` answers what the other request has made; a client sees this only when that is being forgotten at this moment. */
export function repeated() {
  const message = 'Another request with this Idempotency-Key was accepted at the same time; send it again'
  return apiError('CONTENDED', message, { retryAfterSeconds: 1 })
}

const reusedCode = 'IDEMPOTENCY_KEY_REUSED'

function reused() {
  const message =
    'This Idempotency-Key came with another body or query before; send another request under a new key'
  return apiError(reusedCode, message)
}
