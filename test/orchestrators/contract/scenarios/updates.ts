// An update brings what runs to a changed file, and touches nothing else.
import { expect } from 'vitest'
import type { Job } from '../../../../src/jobs/job.ts'
import { waitForOk } from '../../../kit/http.ts'
import { waitFor } from '../../../kit/wait.ts'
import { neverHealthy, page, type Scenario, shell, urlOf } from '../scenario.ts'

const idsOf = (containers: readonly { id: string; service: string }[], service: string) =>
  containers.filter((one) => one.service === service).map(({ id }) => id)

export const updates = {
  'a changed file has its new services, not its old ones, and what is the same goes on': async ({
    run,
    place,
  }) => {
    const same = { db: shell('exec sleep 600') }
    await run('POST', '', { name: 'pruned', compose: { services: { ...same, web: page() } } })
    const before = await place.containers('pruned')
    const compose = { services: { ...same, other: page({ ports: ['8888'] }) } }
    const job = await run('PUT', '/pruned', { compose })
    expect(await waitForOk(urlOf(job, 'other'))).toContain('Hello Tycho')
    await waitFor('the old containers to end', async () =>
      (await place.containers('pruned')).every(({ service, isRunning }) => service !== 'web' || !isRunning),
    )
    expect(job.result?.changes).toContainEqual({
      subject: expect.stringContaining('pruned-web'),
      action: 'deleted',
    })
    expect(idsOf(await place.containers('pruned'), 'db')).toEqual(idsOf(before, 'db'))
  },

  'a service that changed is replaced, behind the same port': async ({ run, place }) => {
    const web = (text: string) =>
      shell(`mkdir /tmp/www; echo ${text} > /tmp/www/index.html; httpd -f -p 80 -h /tmp/www`, {
        ports: ['80'],
      })
    const first = await run('POST', '', { name: 'replaced', compose: { services: { web: web('old') } } })
    expect(await waitForOk(urlOf(first, 'web'))).toBe('old\n')
    const second = await run('PUT', '/replaced', { compose: { services: { web: web('new') } } })
    expect(urlOf(second, 'web')).toBe(urlOf(first, 'web'))
    await waitFor('the new page', async () => (await waitForOk(urlOf(second, 'web'))) === 'new\n')
    await waitFor('the old container to end', async () => {
      const running = (await place.containers('replaced')).filter(({ isRunning }) => isRunning)
      return running.length === 1
    })
  },

  'the same file again changes nothing': async ({ run, place }) => {
    const body = { compose: { services: { web: page({ ports: ['8888'] }), db: shell('exec sleep 600') } } }
    await run('POST', '', { name: 'same', ...body })
    const before = await place.containers('same')
    const { result } = await run('PUT', '/same', body)
    expect(result?.changes.filter(({ action }) => action !== 'unchanged')).toEqual([])
    expect(await place.containers('same')).toEqual(before)
  },

  'a failed update goes back to the last good file when it was asked to, and says so': async ({
    ask,
    run,
    place,
    show,
  }) => {
    await run('POST', '', { name: 'back', compose: { services: { web: page() } } })
    const compose = { services: { web: { image: place.missingImage } } }
    expect(await ask('PUT', '/back', { rollback: true, compose })).toMatchObject({
      status: 'failed',
      error: {
        code: 'IMAGE_PULL_FAILED',
        message: expect.stringContaining('back at its last good state'),
        details: { rolledBack: true },
      },
    })
    expect(await show('back')).toMatchObject({ phase: 'running', services: { web: { readiness: 'ready' } } })
  },

  'the cancel of an update brings back what ran before': async (bench) => {
    const { run, show, tycho } = bench
    const good = { compose: { services: { web: page({ labels: { is: 'good' } }) } } }
    await run('POST', '', { name: 'restored', ...good })
    const { sid } = await show('restored')
    const { body: update } = await tycho.send<Job>('PUT', '/v1/systems/restored', {
      compose: { services: { web: neverHealthy } },
    })
    await bench.untilService(update, 'web', { readiness: 'pending' })
    expect((await bench.cancel(update)).status).toBe(202)
    expect(await tycho.done(update)).toMatchObject({
      status: 'canceled',
      error: { code: 'CANCELED', details: { rolledBack: true } },
    })
    const services = { web: { readiness: 'ready' } }
    expect(await show('restored')).toMatchObject({ phase: 'running', sid, services })
    const same = await run('PUT', '/restored', good)
    expect(same.result?.changes.map(({ action }) => action)).not.toContain('configured')
  },
} satisfies Record<string, Scenario>
