// P4 of the design: who wants to be told of the end of a job is told, at least once, under a signature that verifies.
import type { NewWebhook, WebhookSecret } from '../../src/api/schemas/webhook.ts'
import { type Received, type Receiver, startReceiver, verify } from '../kit/receiver.ts'
import type { Tycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'
import type { Ledger } from './ledger.ts'

/** Settings with which a receiver on this machine is told, often enough for every fault of the suite to pass. */
export const toldSettings = {
  TYCHO_WEBHOOK_ALLOW: '127.0.0.0/8',
  TYCHO_WEBHOOK_SCHEDULE: `0${',1'.repeat(9)}${',5'.repeat(20)}`,
}

/** Where an endpoint is told of everything, and where the callback of each start is. */
const paths = { endpoint: '/endpoint', callback: '/callback' }

export type Told = AsyncDisposable & {
  receiver: Receiver
  callbackUrl: string
  /** Sentences about what was not told; none is good. Waits until all was, for a while. */
  findUntold(ledger: Ledger): Promise<string[]>
}

type Verified = Map<Received, boolean>

type Secrets = Record<keyof typeof paths, string>

export async function openTold({ send }: Pick<Tycho, 'send'>): Promise<Told> {
  const receiver = await startReceiver()
  const webhook = await send<NewWebhook>('POST', '/v1/webhooks', { url: receiver.url + paths.endpoint })
  const tenant = await send<WebhookSecret>('GET', '/v1/webhooks/secret')
  const secrets: Secrets = { endpoint: webhook.body.secret, callback: tenant.body.secret }
  const verified: Verified = new Map()
  const looking = setInterval(() => verifyNew(receiver.received, secrets, verified), 1_000)
  return {
    receiver,
    callbackUrl: receiver.url + paths.callback,
    async findUntold(ledger) {
      const look = () => {
        verifyNew(receiver.received, secrets, verified)
        return findUntold(receiver.received, verified, ledger)
      }
      await waitFor('all to be told', () => look().length === 0, {
        timeoutMs: 30_000,
        intervalMs: 500,
      }).catch(() => {})
      return look()
    },
    async [Symbol.asyncDispose]() {
      clearInterval(looking)
      await receiver[Symbol.asyncDispose]()
    },
  }
}

/** The library takes no timestamp that is older than five minutes: each one is looked at soon after it came. */
function verifyNew(received: readonly Received[], secrets: Secrets, verified: Verified): void {
  for (const one of received) {
    if (!verified.has(one)) verified.set(one, isSignedBy(secrets[partOf(one)], one))
  }
}

function isSignedBy(secret: string, received: Received): boolean {
  try {
    verify(secret, received)
    return true
  } catch {
    return false
  }
}

function partOf({ path }: Received): keyof Secrets {
  return path === paths.endpoint ? 'endpoint' : 'callback'
}

function findUntold(received: readonly Received[], verified: Verified, { entries }: Ledger): string[] {
  const told = { endpoint: new Set<string>(), callback: new Set<string>() }
  const forged: string[] = []
  for (const one of received) {
    if (verified.get(one)) told[partOf(one)].add(jobOf(one))
    else forged.push(`P4: a webhook to the ${partOf(one)} has a wrong signature`)
  }
  const untold = [...entries].flatMap(([id, { name, sightings }]) => {
    const job = sightings.at(-1)
    if (!job?.done) return []
    const isStart = job.kind !== 'system.stop'
    return [
      ...(told.endpoint.has(id) ? [] : [`P4: the endpoint was not told how job ${id} of ${name} ended`]),
      ...(isStart && !told.callback.has(id) ? [`P4: the callback of job ${id} of ${name} was not told`] : []),
    ]
  })
  return [...forged, ...untold]
}

function jobOf({ body }: Received): string {
  const { job } = body.data as { job?: { id?: string } }
  return job?.id ?? ''
}
