// What the cluster refuses: by admission for good, by quota for as long as there is no room.
import { expect, it } from 'vitest'
import { listManaged } from '../kit/cluster/objects.ts'
import { waitFor } from '../kit/wait.ts'
import { endsOf, inParallel, stopMany } from './load.ts'
import { openRig } from './rig.ts'

it('fails what admission refuses with its sentence, and leaves nothing', async () => {
  await using rig = await openRig()
  await rig.kube.send('POST', `/api/v1/namespaces/${rig.namespace}/limitranges`, {
    metadata: { name: 'small' },
    spec: { limits: [{ type: 'PersistentVolumeClaim', max: { storage: '1Gi' }, min: { storage: '1Gi' } }] },
  })
  const compose = {
    services: { web: { image: 'demo/hello', volumes: ['data:/data'] } },
    volumes: { data: { 'x-k8s': { size: '5Gi' } } },
  }
  const job = await rig.ledger.done((await rig.ledger.start('large', 'plain', { compose })).id)
  expect(job.status).toBe('failed')
  expect(job.error?.message).toContain('maximum storage usage per PersistentVolumeClaim is 1Gi')
  expect(await listManaged(rig.kube, rig.namespace)).toEqual([])
  expect(await rig.audit()).toEqual([])
})

it('lets systems wait that a quota has no room for, and goes on with them when there is', async () => {
  await using rig = await openRig()
  await rig.learn('plain')
  await rig.kube.send('POST', `/api/v1/namespaces/${rig.namespace}/resourcequotas`, {
    metadata: { name: 'few' },
    spec: { hard: { 'count/deployments.apps': '3' } },
  })
  const jobs = await inParallel(6, 6, (index) => rig.ledger.start(`system-${index}`))
  const waiting = await waitFor('three to run and three to wait', async () => {
    const now = await Promise.all(jobs.map(({ id }) => rig.ledger.read(id)))
    const held = now.filter((job) => job && !job.done && /exceeded quota/.test(job.progress.message))
    const running = now.filter((job) => job?.status === 'succeeded')
    return running.length === 3 && held.length === 3 ? held : null
  })
  const waitingNames = waiting.map((job) => job?.system.name)
  for (const job of jobs.filter(({ system }) => !waitingNames.includes(system.name))) {
    const stop = await rig.ledger.stop(job.system.name)
    if (stop) await rig.ledger.done(stop.id)
  }
  const ended = await Promise.all(waiting.map((job) => rig.ledger.done(job?.id ?? '')))
  expect(endsOf(ended)).toEqual({ succeeded: 3 })
  expect(await rig.audit()).toEqual([])
  await stopMany(rig.ledger, 6)
  expect(await rig.audit()).toEqual([])
})
