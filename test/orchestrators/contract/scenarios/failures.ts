// Why a start fails: the same codes everywhere, at the place of the file, and nothing is left.
import { expect } from 'vitest'
import type { Job } from '../../../../src/jobs/job.ts'
import { type Bench, page, type Scenario, shell } from '../scenario.ts'

/** On a busy machine it may be up for a while before it ends. */
const neverWell = { healthcheck: { test: ['CMD', 'false'], interval: '1s', retries: 1000 } }

/** A start that fails, and leaves nothing. */
async function failed(
  { ask, left }: Bench,
  name: string,
  services: object,
): Promise<NonNullable<Job['error']>> {
  const job = await ask('POST', '', { name, compose: { services } })
  expect(job).toMatchObject({ status: 'failed', error: { retryable: expect.any(Boolean) } })
  expect(await left()).toEqual([])
  return job.error ?? expect.unreachable()
}

export const failures = {
  'an image that the registry does not have fails at once, in its words': async (bench) => {
    const { missingImage } = bench.place
    const startedAt = performance.now()
    const error = await failed(bench, 'missing', { web: { image: missingImage } })
    // The default deadline is ten minutes.
    expect(performance.now() - startedAt).toBeLessThan(20_000)
    expect(error).toMatchObject({
      code: 'IMAGE_PULL_FAILED',
      retryable: false,
      message: expect.stringContaining(missingImage),
    })
  },

  'a service that keeps ending fails with how it ended and what it said last': async (bench) => {
    const error = await failed(bench, 'ending', { web: shell('echo I am out; exit 7', neverWell) })
    expect(error).toMatchObject({
      code: 'CRASH_LOOP',
      message: expect.stringMatching(/keeps ending.*code 7/),
      // Some platforms keep what earlier runs have said.
      details: { log: expect.arrayContaining(['I am out']) },
    })
  },

  'a command that is not in the image fails at once': async (bench) => {
    const error = await failed(bench, 'absent', { web: page({ entrypoint: ['/bin/absent'] }) })
    expect(error).toMatchObject({
      code: 'CONTAINER_START_FAILED',
      message: expect.stringContaining('absent'),
    })
  },

  'a service that takes more memory than it may is said to have': async (bench) => {
    const hungry = {
      image: 'demo/shell',
      entrypoint: ['/bin/busybox', 'tail', '/dev/zero'],
      restart: 'always',
      mem_limit: '16m',
      ...neverWell,
    }
    const error = await failed(bench, 'hungry', { web: hungry })
    expect(error).toMatchObject({ message: expect.stringMatching(/code 137 \(OOMKilled\)/) })
  },

  'a dependency that is unhealthy for too long fails what waits for it to be healthy': async (bench) => {
    const error = await failed(bench, 'unwell', {
      db: page({ healthcheck: { test: ['CMD', 'false'], interval: '1s', retries: 2 } }),
      web: page({ depends_on: { db: { condition: 'service_healthy' } } }),
    })
    expect(error).toMatchObject({ code: 'UNHEALTHY', message: expect.stringMatching(/^db: It is unhealthy/) })
  },

  'what is not healthy until the deadline fails, and is tried again as a new job': async (bench) => {
    const { ask, tycho, left } = bench
    const web = page(neverWell)
    const body = { name: 'again', timeoutSeconds: 2, compose: { services: { web } } }
    const first = await ask('POST', '', body)
    expect(first).toMatchObject({ status: 'failed', error: { code: 'DEADLINE_EXCEEDED', retryable: true } })
    const { body: second } = await tycho.send<Job>('POST', `/v1/jobs/${first.id}/retry`)
    expect(second).toMatchObject({ retryOf: first.id, kind: 'system.start' })
    expect(second.system.sid).not.toBe(first.system.sid)
    expect((await tycho.done(second)).error?.code).toBe('DEADLINE_EXCEEDED')
    expect(await left()).toEqual([])
  },

  'a failed start keeps its objects when it was asked to, until the system is stopped': async (bench) => {
    const { ask, run, left, show } = bench
    const body = { name: 'kept', keepOnFailure: true, timeoutSeconds: 3 }
    const job = await ask('POST', '', { ...body, compose: { services: { web: page(neverWell) } } })
    expect(job).toMatchObject({ status: 'failed', error: { code: 'DEADLINE_EXCEEDED' } })
    expect(await left()).not.toEqual([])
    expect((await show('kept')).phase).toBe('failed')
    await run('DELETE', '/kept')
    expect(await left()).toEqual([])
  },
} satisfies Record<string, Scenario>
