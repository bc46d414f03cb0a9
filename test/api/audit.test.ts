// One line of the log for each write, that says who did what to which.
import { describe, expect, it } from 'vitest'
import { actionOf } from '../../src/api/audit-action.ts'
import type { Job } from '../../src/jobs/job.ts'
import { waitFor } from '../kit/wait.ts'
import { hello, issue, send, type TestApi, testApi } from './kit.ts'

const audit = ({ lines }: TestApi) => lines.filter((line) => line.audit === true)

/** The line is written when the answer is, which a client may have a moment earlier. */
const audited = (api: TestApi, count: number) =>
  waitFor(`${count} lines`, async () => (audit(api).length >= count ? audit(api) : undefined))

describe('the audit', () => {
  it('says who did what, for whom, to which system, and how it was answered', async () => {
    await using api = await testApi()
    const { id, headers } = await issue(api)
    const payload = { name: 'demo', compose: hello }
    const request = { method: 'POST', url: '/v1/systems', payload } as const
    const started = await send<Job>(api, { ...request, headers: { ...headers, 'x-request-id': 'one' } })
    await send(api, { method: 'DELETE', url: '/v1/systems/demo', headers })
    const [start, stop] = await audited(api, 2)
    expect(start).toMatchObject({
      level: 30,
      msg: 'system.start accepted',
      request: 'one',
      caller: `token:${id}`,
      tenant: 'bob',
      address: '127.0.0.1',
      action: 'system.start',
      on: { system: 'demo', job: started.body.id },
      outcome: 'accepted',
      status: 202,
    })
    expect(stop).toMatchObject({ action: 'system.stop', on: { system: 'demo' }, outcome: 'accepted' })
  })

  it('says who was not let do it, and why', async () => {
    await using api = await testApi({ anonymousTenant: null })
    const { id, headers } = await issue(api, { scopes: ['read'] })
    await send(api, { method: 'DELETE', url: '/v1/systems/demo', headers })
    await send(api, { method: 'DELETE', url: '/v1/systems/demo' })
    await send(api, { method: 'POST', url: '/system/delete', payload: { name: 'demo' }, headers })
    const refused = { outcome: 'refused', action: 'system.stop' }
    expect(await audited(api, 3)).toMatchObject([
      { ...refused, caller: `token:${id}`, status: 403, code: 'INSUFFICIENT_SCOPE', on: { system: 'demo' } },
      { ...refused, caller: null, tenant: null, status: 401, code: 'UNAUTHENTICATED' },
      { outcome: 'refused', action: 'system.delete', code: 'INSUFFICIENT_SCOPE' },
    ])
  })

  it('has a line for tokens, without what is secret in them', async () => {
    await using api = await testApi()
    const request = { method: 'POST', url: '/v1/tokens', payload: { tenant: 'bob' } } as const
    const made = await send<{ id: string; token: string }>(api, request)
    await send(api, { method: 'DELETE', url: `/v1/tokens/${made.body.id}` })
    expect(await audited(api, 2)).toMatchObject([
      { action: 'token.create', caller: 'anonymous', tenant: 'alice', on: { token: made.body.id } },
      { action: 'token.revoke', on: { token: made.body.id } },
    ])
    expect(JSON.stringify(api.lines)).not.toContain(made.body.token.slice(-43))
  })

  it('has no line for reading, nor for requests that are wrong in themselves', async () => {
    await using api = await testApi()
    await send(api, { method: 'GET', url: '/v1/systems' })
    await send(api, { method: 'POST', url: '/v1/compile', payload: { compose: hello } })
    await send(api, { method: 'POST', url: '/system/status', payload: {} })
    await send(api, { method: 'POST', url: '/v1/systems', payload: {} })
    await send(api, { method: 'POST', url: '/v1/nothing', payload: {} })
    await send(api, { method: 'DELETE', url: '/v1/systems/nothing' })
    await send(api, { method: 'POST', url: '/v1/systems', payload: { name: 'last', compose: hello } })
    await audited(api, 1)
    expect(audit(api).map(({ on }) => on)).toMatchObject([{ system: 'last' }])
  })

  it('of the original endpoints names the system too', async () => {
    await using api = await testApi()
    const payload = { name: 'old', system: { services: { web: { image: 'demo/hello' } } } }
    const headers = { prefer: 'respond-async' }
    await send(api, { method: 'POST', url: '/system/start', payload, headers })
    expect(await audited(api, 1)).toMatchObject([{ action: 'system.start', on: { system: 'old' } }])
  })
})

it('calls each write noun.verb', () => {
  const names = [
    ['POST', '/v1/systems', 'system.start'],
    ['PUT', '/v1/systems/:name', 'system.put'],
    ['PATCH', '/v1/systems/:name', 'system.change'],
    ['DELETE', '/v1/systems/:name', 'system.stop'],
    ['POST', '/v1/systems/:name/restart', 'system.restart'],
    ['POST', '/v1/jobs/:id/cancel', 'job.cancel'],
    ['POST', '/v1/batches', 'batch.create'],
    ['DELETE', '/v1/batches/:id', 'batch.delete'],
    ['POST', '/v1/webhooks/secret/rotate', 'webhook.secret.rotate'],
    ['POST', '/v1/doctor/remove', 'doctor.remove'],
    ['POST', '/system/delete', 'system.delete'],
  ] as const
  for (const [method, route, action] of names) expect(actionOf(method, route)).toBe(action)
})
