// POST /v1/batches/plan: what a batch would need, and nothing is written.
import { describe, expect, it } from 'vitest'
import type { BatchPlan } from '../../src/api/schemas/batch-plan.ts'
import { hello, refused, send, testApi } from './kit.ts'

const url = '/v1/batches/plan'

describe('POST /v1/batches/plan', () => {
  it('adds up what all members need, and writes nothing', async () => {
    await using api = await testApi()
    const keys = await api.keyCount()
    const payload = { name: 'class', compose: hello, count: 300 }
    const { status, body } = await send<BatchPlan>(api, { method: 'POST', url, payload })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      name: 'class',
      members: 300,
      needs: {
        objects: { Deployment: 300, Service: 300 },
        pods: 300,
        nodePorts: 300,
        images: ['demo/hello'],
      },
    })
    expect(await api.keyCount()).toBe(keys)
  })

  it('counts each member with what its variables make of the template', async () => {
    await using api = await testApi()
    const compose = `
services: { web: { image: "demo/\${IMAGE}", deploy: { resources: { limits: { cpus: "\${CPUS}" } } } } }
`
    const items = [
      { env: { IMAGE: 'a', CPUS: '0.5' } },
      { env: { IMAGE: 'b', CPUS: '2' } },
      { env: { IMAGE: 'a', CPUS: '0.5' } },
    ]
    const { body } = await send<BatchPlan>(api, { method: 'POST', url, payload: { compose, items } })
    expect(body.needs).toMatchObject({ cpu: { requests: 3, limits: 3 }, images: ['demo/a', 'demo/b'] })
  })

  it('refuses what a launch refuses', async () => {
    await using api = await testApi()
    const items = [{ name: 'Bad Name' }]
    const answer = await refused(api, { method: 'POST', url, payload: { compose: hello, items } })
    expect(answer.body).toMatchObject({ status: 422, code: 'INVALID_ITEMS' })
  })

  it('leaves bad items out where that is asked for', async () => {
    await using api = await testApi()
    const items = [{ name: 'Bad Name' }, {}]
    const payload = { compose: hello, items, onInvalid: 'skip' }
    const { body } = await send<BatchPlan>(api, { method: 'POST', url, payload })
    expect(body).toMatchObject({ members: 1, skippedItems: [{ index: 0 }] })
  })
})
