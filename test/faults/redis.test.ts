// A Redis that dies, stands still, cuts connections, is full and forgets everything.
import { expect, it } from 'vitest'
import type { Job } from '../../src/jobs/job.ts'
import { listManaged } from '../kit/cluster/objects.ts'
import { waitFor } from '../kit/wait.ts'
import { endsOf, inParallel, startMany, stopMany } from './load.ts'
import { openRig, type Rig } from './rig.ts'

/** Starts and stops systems while something happens to Redis once the workers are at it. */
async function survive(rig: Rig, happen: () => Promise<void>): Promise<void> {
  await rig.learn('plain', 'staged', 'secret')
  const starting = startMany(rig.ledger, 12)
  await rig.untilWritten('POST')
  await happen()
  expect(endsOf(await starting)).toEqual({ succeeded: 12 })
  const stopping = stopMany(rig.ledger, 6)
  await rig.untilWritten('DELETE')
  await happen()
  expect(endsOf(await stopping)).toEqual({ succeeded: 6 })
  expect(await rig.audit()).toEqual([])
}

/** Lets the fault last until the API has told somebody of it. */
const until503 = (rig: Rig) =>
  waitFor('the API to say that Redis is away', async () => {
    const answer = await rig.tycho.send('GET', '/v1/systems').catch(() => null)
    return answer?.status === 503
  })

it('loses nothing when Redis is killed and comes back with its append-only file', async () => {
  await using rig = await openRig()
  await survive(rig, async () => {
    await rig.killRedis()
    await until503(rig)
    await rig.restartRedis()
  })
})

it('goes on when Redis stood still for longer than the locks last', async () => {
  await using rig = await openRig()
  await survive(rig, async () => {
    rig.signalRedis('SIGSTOP')
    await until503(rig)
    const since = Date.now()
    await waitFor('longer than the locks last', () => Date.now() > since + 6_000)
    rig.signalRedis('SIGCONT')
  })
})

it('goes on when all connections to Redis are cut again and again', async () => {
  await using rig = await openRig()
  await survive(rig, async () => {
    for (let cut = 0; cut < 10; cut++) {
      const kinds = ['normal', 'pubsub'] as const
      for (const kind of kinds) await rig.redis.call('CLIENT', 'KILL', 'TYPE', kind, 'SKIPME', 'yes')
      const since = Date.now()
      await waitFor('the next cut', () => Date.now() > since + 300, { intervalMs: 20 })
    }
  })
})

it('refuses what it can not keep while the memory of Redis is full, and goes on when there is room', async () => {
  await using rig = await openRig()
  await survive(rig, async () => {
    await rig.redis.config('SET', 'maxmemory', '1')
    await waitFor('a start to be refused', async () => {
      const body = { image: 'demo/hello' }
      const answer = await rig.tycho.send<{ code: string }>('PUT', '/v1/systems/refused', body)
      return answer.status === 503 && answer.body.code === 'REDIS_UNAVAILABLE'
    })
    await rig.redis.config('SET', 'maxmemory', '0')
  })
})

it('knows its systems again when Redis has lost all its data, and leaves nothing of those that were stopped', async () => {
  await using rig = await openRig()
  await rig.learn('plain', 'staged', 'secret')
  expect(endsOf(await startMany(rig.ledger, 6))).toEqual({ succeeded: 6 })
  expect(endsOf(await stopMany(rig.ledger, 3))).toEqual({ succeeded: 3 })
  const before = await listManaged(rig.kube, rig.namespace)
  await rig.redis.flushall()

  const phases = await waitFor('the systems to be listed again', async () => {
    const { body } = await rig.tycho.send<{ systems: { name: string; phase: string }[] }>(
      'GET',
      '/v1/systems',
    )
    const found = body.systems.map(({ name, phase }) => `${name} ${phase}`).sort()
    return found.length === 3 && found.every((one) => one.endsWith('running')) ? found : null
  })
  expect(phases).toEqual(['system-3 running', 'system-4 running', 'system-5 running'])
  expect(await listManaged(rig.kube, rig.namespace)).toEqual(before)
  expect(await rig.audit(['P3', 'P5', 'P7', 'P8'])).toEqual([])
})

it('lets a system that was being started when Redis lost its data be started or stopped again', async () => {
  await using rig = await openRig({ plan: () => ({ is: 'held' }) })
  const started = await inParallel(6, 6, (index) => rig.ledger.start(`system-${index}`))
  await waitFor('their pods', () => rig.kubelet.pods.size === 6)
  await rig.redis.flushall()
  rig.kubelet.follow(() => ({ is: 'ready' }))
  await waitFor('them to be listed', async () => {
    const { body } = await rig.tycho.send<{ systems: unknown[] }>('GET', '/v1/systems')
    return body.systems.length === started.length
  })
  await rig.learn('plain')
  const again = await inParallel(3, 3, (index) => startedAgain(rig, index))
  expect(endsOf(again)).toEqual({ succeeded: 3 })
  const stopped = await inParallel(3, 3, async (index) => {
    const job = await rig.ledger.stop(`system-${index + 3}`)
    return job && rig.ledger.done(job.id)
  })
  expect(endsOf(stopped.filter((job): job is Job => job !== null))).toEqual({ succeeded: 3 })
  expect(await rig.audit(['P3', 'P5', 'P7', 'P8'])).toEqual([])
})

async function startedAgain(rig: Rig, index: number): Promise<Job> {
  return rig.ledger.done((await rig.ledger.start(`system-${index}`)).id)
}
