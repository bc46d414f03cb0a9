// Every key of the store, in one place. The prefix holds a hash tag, so that a script's keys share a cluster slot.

export type Keys = ReturnType<typeof createKeys>

/** `prefix` must hold a hash tag, such as `{tycho}`. */
export function createKeys(prefix: string) {
  return {
    job: (id: string) => `${prefix}:job:${id}`,
    system: (tenant: string, name: string) => `${prefix}:system:${tenant}:${name}`,
    /** Sorted sets for lists: all members with score 0, in the order of the id or name. */
    jobsOf: (tenant: string) => `${prefix}:jobs:${tenant}`,
    systemsOf: (tenant: string) => `${prefix}:systems:${tenant}`,
    tenants: `${prefix}:tenants`,
    /** Object name -> `tenant/system` that holds it in a namespace. */
    names: (namespace: string) => `${prefix}:names:${namespace}`,
    /** sid -> `tenant/name` of each system that is not ended. */
    sids: `${prefix}:sids`,
    /** sids of ended incarnations, by the time until which they are remembered. */
    endedSids: `${prefix}:ended`,
    /** sid -> job that the observer should look at. */
    waiting: `${prefix}:waiting`,
    /** Jobs that should have a task, by the time since when. */
    expected: `${prefix}:expected`,
    /** Jobs with a deadline, by that time. */
    deadlines: `${prefix}:deadlines`,
    /** When the records were last made complete from what the orchestrator holds. */
    surveyed: `${prefix}:surveyed`,
    /** `tenant/name` of systems with a lifetime, by the time of its end. */
    expiries: `${prefix}:expiries`,
    /** What the first request with an `Idempotency-Key` has made; the hash is of tenant, route and key. */
    requestKey: (hash: string) => `${prefix}:request:${hash}`,
    content: (hash: string) => `${prefix}:content:${hash}`,
    lease: (name: string) => `${prefix}:lease:${name}`,
    /** Workers by the time until which they count as alive. */
    workers: `${prefix}:workers`,
    cluster: `${prefix}:cluster`,
    /** On which orchestrator the systems run. */
    orchestrator: `${prefix}:orchestrator`,
    /** The bucket of the writes that the cluster gets. */
    writeTokens: `${prefix}:write-tokens`,
    /** Names of a tenant's systems that are not ended; ids of its jobs that are not done, and of everybody's. */
    liveOf: (tenant: string) => `${prefix}:live:${tenant}`,
    pendingOf: (tenant: string) => `${prefix}:pending:${tenant}`,
    pending: `${prefix}:pending`,
    /** How many requests a tenant has made lately. */
    requestsOf: (tenant: string) => `${prefix}:requests:${tenant}`,
    token: (id: string) => `${prefix}:token:${id}`,
    /** Their ids with score 0, in the order in which they were made. */
    tokens: `${prefix}:tokens`,
    /** A batch: its record and counts; the keys of its parts begin with it (`commit.lua`). */
    batch: (id: string) => `${prefix}:batch:${id}`,
    /** Chunk -> packed members; index -> status and newest job. */
    batchItems: (id: string) => `${prefix}:batch:${id}:items`,
    batchStates: (id: string) => `${prefix}:batch:${id}:states`,
    /** Sorted sets of indexes: members to be let in; by the revision of their last change; whose system is to be stopped. */
    batchWaiting: (id: string) => `${prefix}:batch:${id}:waiting`,
    batchChanged: (id: string) => `${prefix}:batch:${id}:changed`,
    batchStops: (id: string) => `${prefix}:batch:${id}:stops`,
    /** Client id -> index. */
    batchClients: (id: string) => `${prefix}:batch:${id}:clients`,
    /** Jobs of its members besides the first of each. */
    batchJobs: (id: string) => `${prefix}:batch:${id}:jobs`,
    batchesOf: (tenant: string) => `${prefix}:batches:${tenant}`,
    /** `tenant/id` of batches of which something is still to be done. */
    openBatches: `${prefix}:open-batches`,
    /** How many batches were accepted, ever. */
    acceptedBatches: `${prefix}:accepted-batches`,
    /** System name -> `<batch>-<index>` of the member that will have it. */
    reserved: (tenant: string) => `${prefix}:reserved:${tenant}`,
    /** Streams: what has happened to a tenant's systems; and what the webhooks have still to be told. */
    eventsOf: (tenant: string) => `${prefix}:events:${tenant}`,
    outbox: `${prefix}:outbox`,
    /** Endpoint id -> its record, of a tenant; and the secrets that sign for the callbacks of its requests. */
    webhooksOf: (tenant: string) => `${prefix}:webhooks:${tenant}`,
    webhookSecrets: `${prefix}:webhook-secrets`,
    /** A delivery with its body; those to an endpoint, for lists; and all that are pending, by the time of the next attempt. */
    delivery: (id: string) => `${prefix}:delivery:${id}`,
    deliveriesOf: (tenant: string, endpoint: string) => `${prefix}:deliveries:${tenant}:${endpoint}`,
    dueDeliveries: `${prefix}:due-deliveries`,
    /** Images that are pulled beforehand; a tenant's that are under way; and everybody's, by when one was looked at last. */
    preparation: (id: string) => `${prefix}:preparation:${id}`,
    preparationsOf: (tenant: string) => `${prefix}:preparations:${tenant}`,
    openPreparations: `${prefix}:open-preparations`,
    /** Channels. */
    jobChanged: `${prefix}:changed:job`,
    jobWaits: `${prefix}:changed:waiting`,
    jobInterrupted: `${prefix}:changed:interrupted`,
    systemChanged: `${prefix}:changed:system`,
    batchChangedNow: `${prefix}:changed:batch`,
    preparationChanged: `${prefix}:changed:preparation`,
    eventAdded: `${prefix}:changed:event`,
    tokenChanged: `${prefix}:changed:token`,
  }
}
