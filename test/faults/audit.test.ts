// The audit itself: it finds what it is there to find.
import { expect, it } from 'vitest'
import { openRig } from './rig.ts'
import { canary } from './templates.ts'

const labels = (sid: string) => ({
  'app.kubernetes.io/managed-by': 'tycho',
  'tycho.io/system': 'one',
  'tycho.io/sid': sid,
})

it('finds what a system has too many of, what remains of another, and a secret in Redis', async () => {
  await using rig = await openRig({ workers: 1 })
  await rig.learn('plain')
  const job = await rig.ledger.done((await rig.ledger.start('one')).id)
  expect(await rig.audit()).toEqual([])

  const configMaps = `/api/v1/namespaces/${rig.namespace}/configmaps`
  await rig.kube.send('POST', configMaps, { metadata: { name: 'extra', labels: labels(job.system.sid) } })
  await rig.kube.send('POST', configMaps, { metadata: { name: 'stray', labels: labels('another') } })
  await rig.redis.set('{tycho}:note', canary)
  expect(await rig.audit()).toEqual([
    expect.stringContaining('P3: one has ConfigMap 1, Deployment 1'),
    'P3: ConfigMap/stray is of another incarnation of one',
    'P5: ConfigMap/stray remains of one',
    'P8: the key {tycho}:note has it',
  ])
})

it('finds a job that changes after its end', async () => {
  await using rig = await openRig({ workers: 1 })
  const { ledger } = rig
  const first = await ledger.done((await ledger.start('one')).id)
  const key = `{tycho}:job:${first.id}`
  const record = JSON.parse((await rig.redis.hget(key, 'record')) ?? '')
  await rig.redis.hset(key, 'record', JSON.stringify({ ...record, status: 'failed' }))
  await ledger.read(first.id)
  expect(await rig.audit(['P2', 'P7'])).toEqual([
    `P2: job ${first.id} was succeeded and is failed`,
    `P7: job ${first.id} was seen at revision ${first.revision}, then changed at ${first.revision}`,
  ])
})

it('finds an end that somebody was not told of, and a signature that does not verify', async () => {
  await using rig = await openRig({ workers: 1 })
  const { ledger, told } = rig
  const { id } = await ledger.done((await ledger.start('one')).id)
  expect(await rig.audit(['P4'])).toEqual([])
  const isToEndpoint = ({ path }: { path: string }) => path === '/endpoint'
  const [received] = told.receiver.received.splice(told.receiver.received.findIndex(isToEndpoint), 1)
  expect(received?.body).toMatchObject({ type: 'system.started', data: { job: { id } } })
  expect(await rig.audit(['P4'])).toEqual([`P4: the endpoint was not told how job ${id} of one ended`])
  if (received) told.receiver.received.push({ ...received, text: `${received.text} ` })
  expect(await rig.audit(['P4'])).toContain('P4: a webhook to the endpoint has a wrong signature')
})

it('finds a request that was carried out twice under one key', async () => {
  await using rig = await openRig({ workers: 1 })
  const { id } = await rig.ledger.done((await rig.ledger.start('one')).id)
  expect(await rig.audit(['P6'])).toEqual([])
  const keys = await rig.redis.keys('{tycho}:request:*')
  expect(keys).toHaveLength(1)
  await rig.redis.del(...keys)
  expect(await rig.audit(['P6'])).toEqual([
    expect.stringMatching(`^P6: the request of job ${id} was answered again with 409 .*NAME_TAKEN`),
  ])
})
