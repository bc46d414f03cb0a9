// Files that were read lately are not read again, and nobody can tell.
import { describe, expect, it } from 'vitest'
import { createReadings, type Read } from '../../src/api/readings.ts'
import type { SentRequest } from '../../src/compose/mask/mask-request.ts'
import { parseCompose } from '../../src/compose/parse.ts'
import type { Job } from '../../src/jobs/job.ts'
import { must } from '../kit/work.ts'
import { hello, send, start, type TestApi, testApi } from './kit.ts'

const sent: SentRequest = { compose: hello, env: {}, files: {}, profiles: null }

function read(of: SentRequest, systemName = 'x'): Read {
  const { spec, ...parsed } = parseCompose({ compose: of.compose, env: of.env, files: of.files, systemName })
  return { spec: must(spec), ...parsed }
}

/** How often each request was really read. */
function counting() {
  const readings = createReadings()
  let count = 0
  const of = (request: SentRequest, name = 'x', scope: unknown[] = ['alice']) =>
    readings.of(scope, request, () => {
      count += 1
      return read(request, name)
    })
  return { of, count: () => count, bytes: readings.bytes }
}

describe('a file', () => {
  it('is read once for all systems that are started from it', () => {
    const { of, count } = counting()
    expect(of(sent, 'one')).toBe(of(sent, 'two'))
    expect(count()).toBe(1)
  })

  it.each([
    { ...sent, compose: `${hello}\n` },
    { ...sent, env: { A: '1' } },
    { ...sent, files: { a: 'x' } },
    { ...sent, profiles: ['a'] },
  ])('is read again when anything of the request differs', (other) => {
    const { of, count } = counting()
    of(sent)
    of(other)
    expect(count()).toBe(2)
  })

  it('is read again for another tenant', () => {
    const { of, count } = counting()
    of(sent)
    of(sent, 'x', ['bob'])
    expect(count()).toBe(2)
  })

  it.each([
    'services: { a: { image: "x:${COMPOSE_PROJECT_NAME}" } }',
    'services: { a: { image: x, environment: [COMPOSE_PROJECT_NAME] } }',
    'services: { a: { image: x, volumes: ["v:/v"] } }\nvolumes: { v: { name: one_v } }',
  ])('that says the name of its system is read for each: %s', (compose) => {
    const { of, count } = counting()
    const [one, two] = [of({ ...sent, compose }, 'one'), of({ ...sent, compose }, 'two')]
    expect(count()).toBe(2)
    expect(one.spec).not.toEqual(two.spec)
  })

  it('that can not be read is read again', () => {
    const readings = createReadings()
    const refuse = () => {
      throw new Error('refused')
    }
    expect(() => readings.of([], sent, refuse)).toThrow('refused')
    expect(readings.of([], sent, () => read(sent)).spec.services).toHaveProperty('web')
  })

  it('that is long is not kept', () => {
    const { of, count, bytes } = counting()
    const long = { ...sent, compose: `${hello}# ${'x'.repeat(64 * 1024)}` }
    of(long)
    of(long)
    expect([count(), bytes()]).toEqual([2, 0])
  })
})

it('what was used longest ago goes first, and all together stay within 16 MiB', () => {
  const { of, count, bytes } = counting()
  const padded = (at: number) => ({ ...sent, compose: `${hello}# ${at} ${'x'.repeat(50_000)}` })
  for (let at = 0; at < 100; at += 1) {
    of(sent)
    of(padded(at))
  }
  expect(count()).toBe(101)
  expect(bytes()).toBeLessThanOrEqual(16 * 1024 * 1024)
  of(padded(99))
  expect(count()).toBe(101)
  of(padded(0))
  expect(count()).toBe(102)
})

it('two systems of one file are stored as if each had been read by itself', async () => {
  await using api = await testApi()
  const [one, two] = [await started(api, 'one'), await started(api, 'two')]
  expect(one.spec).toBe(two.spec)
  expect(one.source).toBe(two.source)
  const settings = { web: { exposure: 'clusterIP' } }
  const other = await started(api, 'three', { services: settings })
  expect(await api.store.contents.get(other.spec)).toMatchObject({ settings })
})

async function started(api: TestApi, name: string, more: object = {}) {
  const { id } = await start(api, { name, compose: hello, ...more })
  return must(await api.store.works.job(id))
}

it('a name that was held before is taken again, and one that is held is refused', async () => {
  await using api = await testApi()
  const { id } = await start(api, { name: 'one', compose: hello })
  expect(await post(api, 'one')).toMatchObject({ status: 409, body: { code: 'NAME_TAKEN' } })
  await send(api, { method: 'POST', url: `/v1/jobs/${id}/cancel` })
  await api.store.works.change(id, ({ job, system }) => ({
    job: { ...job, status: 'canceled', task: null },
    system: { ...system, phase: 'stopped', objectNames: [] },
  }))
  expect(await post(api, 'one')).toMatchObject({ status: 202 })
})

function post(api: TestApi, name: string) {
  return send<Job>(api, { method: 'POST', url: '/v1/systems', payload: { name, compose: hello } })
}
