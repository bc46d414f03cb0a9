import { describe, expect, it } from 'vitest'
import type { Doctor } from '../../src/api/schemas/doctor.ts'
import type { LiveSystem } from '../../src/system/live.ts'
import { hello, issue, refused, send, start, testApi } from './kit.ts'

const get = { method: 'GET' as const, url: '/v1/doctor' }

function standing(name: string, sid: string): LiveSystem {
  return {
    identity: { tenant: 'alice', namespace: 'default', name, sid },
    createdAt: 1_000,
    job: null,
    exposure: 'nodePort',
    suspended: false,
    services: ['web'],
    endpoints: [],
    objects: [{ subject: 'Deployment/web', name: 'web', uid: `uid-${sid}`, createdAt: 1_000 }],
  }
}

describe('the doctor', () => {
  it('names the versions, and that no worker is alive', async () => {
    await using api = await testApi()
    const { status, body } = await send<Doctor>(api, get)
    expect(status).toBe(200)
    expect(body).toMatchObject({ node: process.versions.node, healthy: false, strays: [] })
    expect(body.parts).toMatchObject([
      { name: 'redis', ok: true, version: expect.stringMatching(/^\d+\./) },
      { name: 'workers', ok: false, reason: expect.stringContaining('no worker') },
      { name: 'cluster', ok: true, version: '1.34' },
    ])
  })

  it('shows what no record tells of, and not what belongs to a system', async () => {
    const found: LiveSystem[] = []
    await using api = await testApi({ reading: { list: async () => found } })
    const { system } = await start(api, { name: 'demo', compose: hello })
    await api.store.health.beat(
      'one',
      { orchestrator: 'kubernetes', reachable: true, version: '1.34' },
      60_000,
    )
    found.push(standing('demo', system.sid))
    expect((await send<Doctor>(api, get)).body).toMatchObject({ healthy: true, strays: [] })
    found.push(standing('old', 'unknown'))
    const { body } = await send<Doctor>(api, get)
    expect(body.healthy).toBe(false)
    expect(body.strays).toMatchObject([
      { system: 'old', objects: [{ uid: 'uid-unknown', createdAt: '1970-01-01T00:00:01.000Z' }] },
    ])
  })

  it('shows what pulls images where no record tells of it, and has it removed', async () => {
    const asked: (readonly string[])[] = []
    const pulling = (id: string) => {
      const name = `tycho-prepare-${id}-0`
      const objects = [{ subject: `DaemonSet/${name}`, name, uid: `uid-${id}`, createdAt: 1_000 }]
      return { id, tenant: 'alice', namespace: 'default', objects }
    }
    const found = [pulling('unknown')]
    await using api = await testApi({
      reading: { preparations: async () => found },
      tasks: { removeStrays: async (objects) => void asked.push(objects) },
    })
    const payload = { compose: hello, count: 1 }
    const known = await send<{ id: string }>(api, { method: 'POST', url: '/v1/batches/prepare', payload })
    found.push(pulling(known.body.id))
    const { body } = await send<Doctor>(api, get)
    expect(body.strays).toEqual([
      {
        tenant: 'alice',
        namespace: 'default',
        preparation: 'unknown',
        objects: [
          {
            subject: 'DaemonSet/tycho-prepare-unknown-0',
            uid: 'uid-unknown',
            createdAt: '1970-01-01T00:00:01.000Z',
          },
        ],
      },
    ])
    const remove = {
      method: 'POST' as const,
      url: '/v1/doctor/remove',
      payload: { objects: ['uid-unknown'] },
    }
    expect(await send(api, remove)).toMatchObject({ status: 202, body: { strays: body.strays } })
    expect(asked).toEqual([['uid-unknown']])
  })

  it('says why the cluster can not be asked, and then knows nothing of strays', async () => {
    const reachability = async () => ({ reachable: false as const, reason: 'connection refused' })
    await using api = await testApi({ reading: { reachability } })
    const { body } = await send<Doctor>(api, get)
    expect(body.parts).toContainEqual({ name: 'cluster', ok: false, reason: 'connection refused' })
    expect(body.strays).toBeUndefined()
  })

  it('has named strays removed, and nothing that is a known system', async () => {
    const asked: (readonly string[])[] = []
    const found = [standing('old', 'unknown')]
    await using api = await testApi({
      reading: { list: async () => found },
      tasks: { removeStrays: async (objects) => void asked.push(objects) },
    })
    const { system } = await start(api, { name: 'demo', compose: hello })
    found.push(standing('demo', system.sid))
    const remove = (objects: string[]) => ({
      method: 'POST' as const,
      url: '/v1/doctor/remove',
      payload: { objects },
    })
    const refusal = await refused(api, remove(['uid-unknown', `uid-${system.sid}`]))
    expect(refusal).toMatchObject({ status: 409, body: { code: 'NOT_A_STRAY' } })
    expect(refusal.body.detail).toContain(`uid-${system.sid}`)
    expect(asked).toEqual([])
    const { status, body } = await send(api, remove(['uid-unknown']))
    expect(status).toBe(202)
    expect(body).toMatchObject({ strays: [{ sid: 'unknown', objects: [{ uid: 'uid-unknown' }] }] })
    expect(asked).toEqual([['uid-unknown']])
  })

  it('is for the operator alone', async () => {
    await using api = await testApi()
    const { headers } = await issue(api, { tenant: 'alice', scopes: ['write'] })
    for (const request of [
      get,
      { method: 'POST', url: '/v1/doctor/remove', payload: { objects: ['a'] } } as const,
    ])
      expect(await refused(api, { ...request, headers })).toMatchObject({
        status: 403,
        body: { code: 'INSUFFICIENT_SCOPE' },
      })
  })
})
