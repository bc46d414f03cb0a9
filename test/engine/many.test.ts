// Many systems on one engine at once, and what becomes of them when it ends in the middle.
import { expect, it } from 'vitest'
import type { Batch, BatchItemPage } from '../../src/api/schemas/batch.ts'
import type { Job } from '../../src/jobs/job.ts'
import { LABEL } from '../../src/orchestrators/docker/labels.ts'
import { startEngine, type TestEngine } from '../kit/engine/engine.ts'
import { waitForOk } from '../kit/http.ts'
import { startTycho, type Tycho } from '../kit/tycho.ts'
import { waitFor } from '../kit/wait.ts'
import { must } from '../kit/work.ts'
import { environmentOf } from '../orchestrators/contract/places/docker.ts'

const web = { image: 'demo/hello', restart: 'always', ports: ['8888'], stop_grace_period: '1s' }
const db = { image: 'demo/shell', restart: 'always', stop_grace_period: '1s' }
const count = 50

const tychoOn = (engine: TestEngine) =>
  startTycho({ environment: environmentOf(engine, 'docker'), workers: 2 })

/** Networks beside the three that every engine has. */
async function traces(engine: TestEngine): Promise<string[]> {
  const ours = ['--filter', `label=${LABEL.managedBy}`]
  const lists = await Promise.all([
    engine.docker(['ps', '--all', '--format', '{{.Names}}']),
    engine.docker(['network', 'ls', '--filter', 'type=custom', '--format', '{{.Name}}']),
    engine.docker(['volume', 'ls', '--format', '{{.Name}}']),
    engine.docker(['image', 'ls', ...ours, '--format', '{{.Repository}}']),
  ])
  return lists.flatMap((list) => list.split('\n')).filter(Boolean)
}

async function over(tycho: Tycho, id: string): Promise<Batch> {
  return waitFor(
    'the batch to be over',
    async () => {
      const { body } = await tycho.send<Batch>('GET', `/v1/batches/${id}`)
      return body.finishedAt ? body : undefined
    },
    { timeoutMs: 240_000, intervalMs: 500 },
  )
}

it('fifty systems start as one batch, each answers, and nothing is left after the stop', {
  timeout: 400_000,
}, async () => {
  await using engine = await startEngine()
  await using tycho = await tychoOn(engine)
  const startedAt = performance.now()
  const body = { name: 'class', compose: { services: { web, db } }, count }
  const { body: batch } = await tycho.send<Batch>('POST', '/v1/batches', body)
  expect((await over(tycho, batch.id)).counts).toMatchObject({ total: count, succeeded: count })
  console.info(`${count} systems of two services: ${Math.round(performance.now() - startedAt)} ms`)

  const { items } = (await tycho.send<BatchItemPage>('GET', `/v1/batches/${batch.id}/items?pageSize=100`))
    .body
  const urls = items.map(({ endpoints }) => must(endpoints?.[0]?.url))
  expect(new Set(urls).size).toBe(count)
  for (const url of urls) expect(await waitForOk(url)).toContain('Hello')

  const stoppedAt = performance.now()
  expect((await tycho.send('DELETE', `/v1/batches/${batch.id}?volumes=true`)).status).toBe(202)
  await waitFor('nothing to be left', async () => (await traces(engine)).length === 0, { timeoutMs: 240_000 })
  console.info(`their stop: ${Math.round(performance.now() - stoppedAt)} ms`)
})

it.each(['restart', 'kill'] as const)(
  'after a %s of the engine in the middle all goes on, and nothing is doubled',
  {
    timeout: 400_000,
  },
  async (how) => {
    await using engine = await startEngine()
    await using tycho = await tychoOn(engine)
    const running = await tycho.done(
      await tycho.start({ name: 'before', compose: { services: { web, db } } }),
    )
    const url = must(running.result?.endpoints[0]?.url)
    const jobs = await Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        tycho.start({ name: `late-${at}`, compose: { services: { web, db } } }),
      ),
    )
    await waitFor('some of them to be made', async () => (await traces(engine)).length > 12, {
      intervalMs: 20,
    })
    if (how === 'restart') await engine.restart()
    else {
      await engine.kill()
      await engine.start()
    }
    const done = await Promise.all(jobs.map((job) => tycho.done(job)))
    expect(done.map(({ status, error }: Job) => error ?? status)).toEqual(jobs.map(() => 'succeeded'))
    expect(await waitForOk(url)).toContain('Hello')
    const names = (await engine.docker(['ps', '--format', '{{.Names}}'])).split('\n').filter(Boolean)
    const systems = ['before', ...jobs.map(({ system }) => system.name)]
    expect(names.sort()).toEqual(systems.flatMap((name) => [`${name}-db-1`, `${name}-web-1`]).sort())
    await waitFor('the system of before to be shown as it is', async () => {
      const { body } = await tycho.send<{ phase: string }>('GET', '/v1/systems/before')
      return body.phase === 'running'
    })
    const stops = await Promise.all(systems.map((name) => tycho.stop(name)))
    expect(stops.every(({ status }) => status === 'succeeded')).toBe(true)
    expect(await traces(engine)).toEqual([])
  },
)
