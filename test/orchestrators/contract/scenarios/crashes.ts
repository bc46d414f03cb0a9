// What becomes of systems when a worker dies, and when all records are lost.
import { Redis } from 'ioredis'
import { expect } from 'vitest'
import type { System } from '../../../../src/api/schemas/system.ts'
import { waitForOk } from '../../../kit/http.ts'
import { waitFor } from '../../../kit/wait.ts'
import { page, type Scenario, shell } from '../scenario.ts'

/** Healthy some seconds after its start. */
const slow = (more: object = {}) =>
  shell('sleep 3; touch /tmp/up; exec sleep 600', {
    healthcheck: { test: ['CMD', 'test', '-e', '/tmp/up'], interval: '1s', retries: 60 },
    ...more,
  })

export const crashes = {
  'a start whose workers are killed in the middle is finished by another, and nothing is doubled': async ({
    tycho,
    start,
    place,
    ...bench
  }) => {
    const waits = (name: string) => ({ depends_on: { [name]: { condition: 'service_healthy' } } })
    const services = { one: slow(), two: slow(waits('one')), three: page(waits('two')) }
    const job = await start({ name: 'orphan', compose: { services } })
    await bench.untilService(job, 'two', { readiness: 'pending' })
    await Promise.all(tycho.workers.map((worker) => worker.kill()))
    const before = await place.containers('orphan')
    tycho.startWorker()
    tycho.startWorker()
    expect(await tycho.done(job)).toMatchObject({ status: 'succeeded' })
    const after = await place.containers('orphan')
    expect(after.map(({ service }) => service).sort()).toEqual(['one', 'three', 'two'])
    expect(after).toEqual(expect.arrayContaining(before.map(({ id }) => expect.objectContaining({ id }))))
  },

  'a running system is shown again after a loss of all records, with its ports, and can be stopped': async ({
    tycho,
    run,
    show,
    place,
    left,
  }) => {
    const services = { web: page({ ports: ['8888'] }), db: shell('exec sleep 600') }
    const job = await run('POST', '', { name: 'lost', compose: { services } })
    const before = await show('lost')
    const containers = await place.containers('lost')
    await forgetAll(tycho.redis.url)

    const after = await waitFor('the system to be known again', async () => {
      const { status, body } = await tycho.send<System>('GET', '/v1/systems/lost')
      return status === 200 && body.phase === 'running' ? body : undefined
    })
    expect(after).toMatchObject({ sid: before.sid, endpoints: before.endpoints, readiness: 'ready' })
    expect(job.result?.endpoints).toEqual(after.endpoints)
    await waitForOk(after.endpoints[0]?.url ?? '')
    expect(await place.containers('lost')).toEqual(containers)
    await run('DELETE', '/lost')
    expect(await left()).toEqual([])
  },
} satisfies Record<string, Scenario>

async function forgetAll(url: string): Promise<void> {
  const redis = new Redis(url)
  await redis.flushall()
  redis.disconnect()
}
