// The endpoints that a tenant has registered, and the secrets that sign what is sent to the callbacks of its requests.
import type { Redis } from 'ioredis'
import type { Secrets, WebhookRecord } from '../jobs/webhook.ts'
import type { Commit, Transaction } from './commit.ts'
import type { Keys } from './keys.ts'
import { isRequestKey, keepRequestKey, type RequestKey, writeRequestKey } from './request-keys.ts'
import type { Retention } from './works.ts'

export type Webhooks = ReturnType<typeof createWebhooks>

const attempts = 20

export function createWebhooks(redis: Redis, keys: Keys, commit: Commit, { retentionMs }: Retention) {
  /** A field of a hash is its own revision: what was read must still stand there. */
  const changeField = async <T>(
    key: string,
    field: string,
    decide: (found: T | null) => T | null,
    requestKey: RequestKey | null = null,
  ): Promise<T | null | 'repeated'> => {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const before = await redis.hget(key, field)
      const after = decide(before === null ? null : (JSON.parse(before) as T))
      if (after === null) return null
      const writes = [{ command: 'HSET', key, args: [field, JSON.stringify(after)] }]
      const change = { guards: [{ key, field, expected: before }], writes }
      const done = await commit(keyed(requestKey, field, change))
      if (done.ok) return after
      if (isRequestKey(requestKey, done.failed)) return 'repeated'
    }
    throw new Error(`a webhook changed ${attempts} times while it was being written`)
  }

  /** The key first: of two requests with the same one, the second fails at it. */
  const keyed = (key: RequestKey | null, made: string, { guards, writes }: Transaction): Transaction => {
    if (key === null) return { guards, writes }
    const known = writeRequestKey(key, made)
    return {
      guards: [...known.guards, ...guards],
      writes: [...known.writes, ...keepRequestKey(key.name, retentionMs), ...writes],
    }
  }

  const all = async (tenant: string): Promise<WebhookRecord[]> =>
    (await redis.hvals(keys.webhooksOf(tenant))).map((text) => JSON.parse(text) as WebhookRecord)

  type Decide = (webhook: WebhookRecord) => WebhookRecord | null

  /** `repeated`: another request with the same key was faster. */
  function change(tenant: string, id: string, decide: Decide): Promise<WebhookRecord | null>
  function change(
    tenant: string,
    id: string,
    decide: Decide,
    key: RequestKey | null,
  ): Promise<WebhookRecord | null | 'repeated'>
  function change(tenant: string, id: string, decide: Decide, key: RequestKey | null = null) {
    return changeField<WebhookRecord>(keys.webhooksOf(tenant), id, (found) => found && decide(found), key)
  }

  return {
    all,
    /** Of several tenants, in one round trip. */
    async allOf(tenants: readonly string[]): Promise<Map<string, WebhookRecord[]>> {
      const lists = await Promise.all(tenants.map(all))
      return new Map(tenants.map((tenant, at) => [tenant, lists[at] ?? []]))
    },
    async get(tenant: string, id: string): Promise<WebhookRecord | null> {
      const text = await redis.hget(keys.webhooksOf(tenant), id)
      return text === null ? null : (JSON.parse(text) as WebhookRecord)
    },
    /** `full`: the tenant has `limit` of them already. */
    async add(
      webhook: WebhookRecord,
      limit: number,
      requestKey: RequestKey | null,
    ): Promise<'added' | 'full' | 'repeated'> {
      const key = keys.webhooksOf(webhook.tenant)
      const writes = [{ command: 'HSET', key, args: [webhook.id, JSON.stringify(webhook)] }]
      const done = await commit(keyed(requestKey, webhook.id, { guards: [], writes }))
      if (!done.ok) return 'repeated'
      // Counted afterwards, so that of several at once none slips through.
      if ((await redis.hlen(key)) <= limit) return 'added'
      await redis.hdel(key, webhook.id)
      if (requestKey) await redis.unlink(requestKey.name)
      return 'full'
    },
    /** Null: there is none, or `decide` had nothing to write. */
    change,
    /** False: there was none. */
    remove: async (tenant: string, id: string) => (await redis.hdel(keys.webhooksOf(tenant), id)) === 1,
    /** The tenant's own secrets; `create` makes the first one. */
    async secrets(tenant: string, create: () => string): Promise<Secrets> {
      const text = await redis.hget(keys.webhookSecrets, tenant)
      if (text !== null) return JSON.parse(text) as Secrets
      await changeField<Secrets>(keys.webhookSecrets, tenant, (found) =>
        found ? null : { current: create(), previous: null },
      )
      return JSON.parse((await redis.hget(keys.webhookSecrets, tenant)) ?? '') as Secrets
    },
    changeSecrets: (tenant: string, decide: (secrets: Secrets) => Secrets, key: RequestKey | null) =>
      changeField<Secrets>(keys.webhookSecrets, tenant, (found) => found && decide(found), key),
  }
}
