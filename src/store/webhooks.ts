// The endpoints that a tenant has registered, and the secrets that sign what is sent to the callbacks of its requests.
import type { Redis } from 'ioredis'
import type { Secrets, WebhookRecord } from '../jobs/webhook.ts'
import type { Commit } from './commit.ts'
import type { Keys } from './keys.ts'

export type Webhooks = ReturnType<typeof createWebhooks>

const attempts = 20

export function createWebhooks(redis: Redis, keys: Keys, commit: Commit) {
  /** A field of a hash is its own revision: what was read must still stand there. */
  const changeField = async <T>(
    key: string,
    field: string,
    decide: (found: T | null) => T | null,
  ): Promise<T | null> => {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const before = await redis.hget(key, field)
      const after = decide(before === null ? null : (JSON.parse(before) as T))
      if (after === null) return null
      const args = [field, JSON.stringify(after)]
      const done = await commit({
        guards: [{ key, field, expected: before }],
        writes: [{ command: 'HSET', key, args }],
      })
      if (done.ok) return after
    }
    throw new Error(`a webhook changed ${attempts} times while it was being written`)
  }

  const all = async (tenant: string): Promise<WebhookRecord[]> =>
    (await redis.hvals(keys.webhooksOf(tenant))).map((text) => JSON.parse(text) as WebhookRecord)

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
    /** False: the tenant has so many already. */
    async add(webhook: WebhookRecord, limit: number): Promise<boolean> {
      const key = keys.webhooksOf(webhook.tenant)
      const count = await redis.pipeline().hset(key, webhook.id, JSON.stringify(webhook)).hlen(key).exec()
      if (Number(count?.[1]?.[1] ?? 0) <= limit) return true
      await redis.hdel(key, webhook.id)
      return false
    },
    /** Null: there is none, or `decide` had nothing to write. */
    change: (tenant: string, id: string, decide: (webhook: WebhookRecord) => WebhookRecord | null) =>
      changeField<WebhookRecord>(keys.webhooksOf(tenant), id, (found) => found && decide(found)),
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
    changeSecrets: (tenant: string, decide: (secrets: Secrets) => Secrets) =>
      changeField<Secrets>(keys.webhookSecrets, tenant, (found) => found && decide(found)),
  }
}
