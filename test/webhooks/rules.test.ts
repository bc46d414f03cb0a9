// The pure rules: the schedule, what an attempt means for a delivery and for its endpoint, secrets, places.
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { type Attempt, attempted, newDelivery, redelivered } from '../../src/jobs/delivery.ts'
import { afterAttempt, rotated, signingSecrets, type WebhookRecord } from '../../src/jobs/webhook.ts'
import { createFairShare } from '../../src/webhooks/fair-share.ts'
import { createSchedule, retryAfterMs } from '../../src/webhooks/schedule.ts'
import { must } from '../kit/work.ts'

const day = 24 * 3600 * 1000
const t0 = Date.parse('2026-01-01T00:00:00Z')

const event = { id: 'evt_1', type: 'system.started' as const }
const fresh = newDelivery(
  { tenant: 'alice', webhook: 'whk_1', url: 'https://x/', event, job: null, trace: null },
  t0,
)
const attempt = (status: number | null): Attempt => ({
  at: t0,
  durationMs: 1,
  status,
  error: null,
  answer: null,
})

describe('the schedule', () => {
  const { scheduleMs } = readConfig({}).webhooks

  it('has ten attempts: at once, then after 5 s up to 24 h', () => {
    const pause = createSchedule(scheduleMs, () => 0)
    const hours = (count: number) => count * 3_600_000
    expect(Array.from({ length: 11 }, (_, tries) => pause(tries))).toEqual([
      0,
      5_000,
      300_000,
      1_800_000,
      ...[2, 5, 10, 14, 20, 24].map(hours),
      null,
    ])
  })

  it('adds up to a tenth', () => {
    expect(createSchedule(scheduleMs, () => 1)(2)).toBe(330_000)
    expect(createSchedule(scheduleMs, () => 1)(0)).toBe(0)
  })

  it('ends a delivery that fails to its last attempt', () => {
    const pauseMs = createSchedule(scheduleMs, () => 0)
    let delivery = fresh
    for (let tries = 1; tries < 10; tries++) {
      delivery = attempted(delivery, attempt(500), { pauseMs, askedMs: 0 }, t0)
      expect(delivery).toMatchObject({ status: 'pending', tries, nextAttemptAt: t0 + must(pauseMs(tries)) })
    }
    delivery = attempted(delivery, attempt(null), { pauseMs, askedMs: 0 }, t0)
    expect(delivery).toMatchObject({ status: 'failed', tries: 10, nextAttemptAt: null, finishedAt: t0 })
    expect(must(redelivered(delivery, t0 + 1))).toMatchObject({ status: 'pending', tries: 0, round: 2 })
    expect(redelivered(fresh, t0)).toBeNull()
  })

  it('waits as long as the receiver asks, when that is longer', () => {
    const pauseMs = createSchedule(scheduleMs, () => 0)
    const due = (askedMs: number) => attempted(fresh, attempt(503), { pauseMs, askedMs }, t0).nextAttemptAt
    expect(due(60_000)).toBe(t0 + 60_000)
    expect(due(1_000)).toBe(t0 + 5_000)
  })

  it.each([
    ['120', 120_000],
    ['Thu, 01 Jan 2026 00:02:00 GMT', 120_000],
    ['Thu, 01 Jan 2015 00:00:00 GMT', 0],
    ['999999999', day],
    ['soon', 0],
    ['-5', 0],
    [undefined, 0],
  ])('reads Retry-After: %s as %i ms', (header, ms) => {
    expect(retryAfterMs(header, t0)).toBe(ms)
  })
})

describe('the networks that the operator allows', () => {
  const allow = (list: string) => readConfig({ TYCHO_WEBHOOK_ALLOW: list }).webhooks.allow

  it('are a list of addresses and CIDRs', () => {
    expect(allow('10.96.0.0/12, 127.0.0.1,fd00::/8 ::1')).toEqual([
      '10.96.0.0/12',
      '127.0.0.1/32',
      'fd00::/8',
      '::1/128',
    ])
  })

  it.each(['10.0.0.0/33', 'portal.svc', '127.1', '10.0.0.0/8;fd00::/8'])('are not %s', (list) => {
    expect(() => allow(list)).toThrow('TYCHO_WEBHOOK_ALLOW')
  })
})

describe('an endpoint', () => {
  const webhook: WebhookRecord = {
    id: 'whk_1',
    tenant: 'alice',
    url: 'https://x/',
    events: null,
    description: '',
    isEnabled: true,
    disabled: null,
    failingSince: null,
    secrets: { current: 'whsec_a', previous: null },
    createdAt: t0,
    updatedAt: t0,
  }
  const failure = { isSuccess: false, isGone: false }
  const success = { isSuccess: true, isGone: false }

  it('that only fails for five days is disabled, and not before', () => {
    const failing = must(afterAttempt(webhook, failure, t0))
    expect(failing).toMatchObject({ isEnabled: true, failingSince: t0 })
    expect(afterAttempt(failing, failure, t0 + 5 * day - 1)).toBeNull()
    expect(afterAttempt(failing, failure, t0 + 5 * day)).toMatchObject({
      isEnabled: false,
      disabled: { code: 'ONLY_FAILS', at: t0 + 5 * day },
    })
  })

  it('that has succeeded in between is not', () => {
    const failing = must(afterAttempt(webhook, failure, t0))
    const fine = must(afterAttempt(failing, success, t0 + 4 * day))
    expect(fine.failingSince).toBeNull()
    expect(afterAttempt(fine, failure, t0 + 6 * day)).toMatchObject({ isEnabled: true })
    expect(afterAttempt(fine, success, t0 + 6 * day)).toBeNull()
  })

  it('that answers 410 is disabled at once', () => {
    expect(afterAttempt(webhook, { isSuccess: false, isGone: true }, t0)).toMatchObject({
      isEnabled: false,
      disabled: { code: 'GONE' },
    })
  })

  it('has two secrets for the time of grace, and one after it', () => {
    const secrets = rotated(webhook.secrets, 'whsec_b', 1_000, t0)
    expect(signingSecrets(secrets, t0 + 999)).toEqual(['whsec_b', 'whsec_a'])
    expect(signingSecrets(secrets, t0 + 1_000)).toEqual(['whsec_b'])
    expect(signingSecrets(rotated(secrets, 'whsec_c', 0, t0), t0)).toEqual(['whsec_c'])
  })
})

describe('the places for attempts', () => {
  const clock = { now: 0 }
  const open = (places: number) => createFairShare({ places, now: () => clock.now })

  it('are eight at most for one receiver, and half for one tenant', () => {
    const share = open(32)
    const enter = (tenant: string, receiver: string) => share.enter(tenant, receiver).outcome
    const eight = Array.from({ length: 9 }, () => enter('alice', 'one'))
    expect(eight.filter((outcome) => outcome === 'entered')).toHaveLength(8)
    expect(Array.from({ length: 8 }, (_, at) => enter('alice', `other-${at}`))).not.toContain('full')
    expect(enter('alice', 'another')).toBe('full')
    expect(enter('bob', 'one')).toBe('entered')
  })

  it('are one for a receiver whose attempts take long, until they do not', () => {
    const share = open(32)
    const attempt = (ms: number) => {
      const entered = share.enter('alice', 'one')
      if (entered.outcome === 'full') throw new Error('full')
      clock.now += ms
      entered.leave()
    }
    attempt(15_000)
    expect(share.enter('alice', 'one').outcome).toBe('entered')
    const waits = Array.from({ length: 10 }, () => share.enter('alice', 'one'))
    expect(
      waits.every((one) => one.outcome === 'full' && one.delayMs >= 1_000 && one.delayMs <= 30_000),
    ).toBe(true)
    const quick = open(32)
    const first = quick.enter('alice', 'two')
    if (first.outcome === 'entered') first.leave()
    for (let i = 0; i < 8; i++) expect(quick.enter('alice', 'two').outcome).toBe('entered')
    const full = quick.enter('alice', 'two')
    expect(full.outcome === 'full' && full.delayMs <= 100).toBe(true)
  })
})
