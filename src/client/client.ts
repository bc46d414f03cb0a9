// The API as functions: one for each request of the contract that the command line makes.
import { batchRequests } from './batches.ts'
import { createConnection } from './connection.ts'
import { jobRequests } from './jobs.ts'
import { logRequests } from './logs.ts'
import { operatorRequests } from './operator.ts'
import { preparationRequests } from './preparations.ts'
import { systemRequests } from './systems.ts'
import { webhookRequests } from './webhooks.ts'

export type { TaggedBatch } from './batches.ts'
export type { TaggedJob } from './jobs.ts'
export type { TaggedPreparation } from './preparations.ts'

export type Client = ReturnType<typeof createClient>

/**
 * All functions throw UnreachableError, NotTychoError or RefusedError (errors.ts). `server` is the API's base URL;
 * `token` goes with every request, null: none. `signal` ends every request that has none of its own.
 */
export function createClient(server: string, token: string | null = null, signal?: AbortSignal) {
  const base = server.replace(/\/+$/, '')
  const connection = createConnection(base, token, signal)
  return {
    server: base,
    ...systemRequests(connection),
    ...logRequests(connection),
    ...jobRequests(connection),
    ...batchRequests(connection),
    ...preparationRequests(connection),
    ...webhookRequests(connection),
    ...operatorRequests(connection),
  }
}
