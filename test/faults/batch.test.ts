// A batch of 300 while the API and the workers are killed: nothing is lost, nothing is there twice, and everyone's port is
// in the list that is handed out.
import { parse } from 'csv-parse/sync'
import { request } from 'undici'
import { expect, it } from 'vitest'
import type { Batch } from '../../src/api/schemas/batch.ts'
import type { SystemPage } from '../../src/api/schemas/system.ts'
import { listManaged } from '../kit/cluster/objects.ts'
import { createRandom } from '../kit/random.ts'
import type { Tycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'
import { disturbApi, disturbWorkers } from './crew.ts'
import { openRig } from './rig.ts'

const members = 300

const asked = {
  name: 'class',
  compose: {
    services: {
      notebook: {
        image: 'demo/hello',
        ports: ['8888'],
        environment: { STUDENT: '${STUDENT}', PASS_ON: '${TYCHO_TOKEN}' },
        volumes: ['work:/work'],
      },
    },
    volumes: { work: {} },
  },
  items: Array.from({ length: members }, (_, n) => ({ env: { STUDENT: `student ${n}` }, clientId: `c${n}` })),
}

async function submit(url: string): Promise<Batch> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': 'class-of-300' }
  const answer = await request(`${url}/v1/batches`, { method: 'POST', headers, body: JSON.stringify(asked) })
  const body = (await answer.body.json()) as Batch
  expect(answer.statusCode, JSON.stringify(body)).toBe(202)
  return body
}

async function tableOf(url: string, id: string): Promise<Record<string, string>[]> {
  const answer = await request(`${url}/v1/batches/${id}/items`, { headers: { accept: 'text/csv' } })
  return parse(await answer.body.text(), { columns: true })
}

const read = async (tycho: Tycho, id: string) => (await tycho.send<Batch>('GET', `/v1/batches/${id}`)).body

/** Those of its systems that do not run as they should, and why. */
async function notRunning(tycho: Tycho, id: string): Promise<object[]> {
  const { body } = await tycho.send<SystemPage>('GET', `/v1/systems?batch=${id}&pageSize=1000`)
  return body.systems
    .filter(({ phase }) => phase !== 'running')
    .map(({ name, phase, reason, job }) => ({ name, phase, reason, job: job.id }))
}

it('a batch of 300 is started once, whoever is killed', async () => {
  const seed = Number(process.env.TYCHO_TEST_SEED ?? Date.now() % 1_000_000)
  console.log(`seed ${seed}: TYCHO_TEST_SEED=${seed} repeats the choices`)
  const random = createRandom(seed)
  await using rig = await openRig({ workers: 2, plan: () => ({ is: 'ready', delayMs: random.below(1_000) }) })
  const { tycho } = rig
  const both = await Promise.all([submit(tycho.url), submit(tycho.url)])
  expect(new Set(both.map(({ id }) => id)).size).toBe(1)
  const { id } = await submit(tycho.url)
  {
    await using workers = disturbWorkers(tycho, random)
    await using api = disturbApi(tycho, random)
    await waitFor('some to have started', async () => (await read(tycho, id)).counts.succeeded > 30, {
      timeoutMs: 120_000,
    })
    await waitFor('all to be done', async () => (await read(tycho, id)).done, { timeoutMs: 400_000 })
    console.log(`workers: ${workers.deeds.join(' ')}; the API: ${api.deeds.length} times killed`)
  }
  const batch = await waitFor('its end to be told', async () => {
    const found = await read(tycho, id)
    return found.finishedAt === undefined ? undefined : found
  })
  expect(batch.counts).toMatchObject({ total: members, succeeded: members, queued: 0, running: 0, failed: 0 })
  expect(batch.round).toBe(1)
  expect((await submit(tycho.url)).id).toBe(id)
  const rows = await tableOf(tycho.url, id)
  expect(rows).toHaveLength(members)
  expect(new Set(rows.map(({ port }) => port)).size).toBe(members)
  for (const { url, port } of rows) expect(url).toMatch(new RegExp(`:${port}\\?token=[0-9a-f]{32}$`))
  const managed = await listManaged(rig.kube, rig.namespace)
  const owners = managed.filter(({ kind }) => kind === 'Deployment')
  expect(owners).toHaveLength(members)
  expect(new Set(managed.flatMap(({ sid }) => sid ?? [])).size).toBe(members)
  expect(await notRunning(tycho, id)).toEqual([])
  expect(await rig.audit(['P1', 'P2', 'P4', 'P5', 'P7'])).toEqual([])
})
