// How a system ends: canceled in the middle, stopped, with and without what it has kept.
import { expect } from 'vitest'
import { type Bench, neverHealthy, page, type Scenario, shell } from '../scenario.ts'
import { logLines } from './lines.ts'

const firstLine = async ({ tycho }: Bench, system: string) => (await logLines(tycho, system, '', 1))[0]

export const ends = {
  'the cancel of a start that does not become ready leaves nothing, and frees the name': async (bench) => {
    const { tycho, start, run, left, show } = bench
    const job = await start({ name: 'cut', compose: { services: { web: neverHealthy } } })
    await bench.untilService(job, 'web', { readiness: 'pending' })
    expect((await bench.cancel(job)).status).toBe(202)
    expect((await bench.cancel(job)).body.id).toBe(job.id)
    expect(await tycho.done(job)).toMatchObject({ status: 'canceled', error: { code: 'CANCELED' } })
    expect(await left()).toEqual([])
    expect((await bench.cancel(job)).status).toBe(200)
    expect((await show('cut')).phase).toBe('stopped')
    await run('POST', '', { name: 'cut', compose: { services: { web: page() } } })
  },

  'a stop in the middle of a start wins, and leaves nothing': async ({
    tycho,
    start,
    run,
    left,
    ...bench
  }) => {
    const services = { db: neverHealthy, web: page({ depends_on: { db: { condition: 'service_healthy' } } }) }
    const job = await start({ name: 'overtaken', compose: { services } })
    await bench.untilService(job, 'db', { readiness: 'pending' })
    await run('DELETE', '/overtaken')
    expect((await tycho.done(job)).status).toBe('canceled')
    expect(await left()).toEqual([])
  },

  'a volume survives a stop and the next start, and goes when that is asked for': async (bench) => {
    const { run, place, left } = bench
    await using _room = await place.roomFor('keeper', 'data')
    const script =
      'if test -f /data/mark; then echo kept; else echo new; echo 1 > /data/mark; fi; exec sleep 600'
    const web = shell(script, { volumes: ['data:/data'] })
    const body = { name: 'keeper', compose: { services: { web }, volumes: { data: {} } } }
    await run('POST', '', body)
    expect(await firstLine(bench, 'keeper')).toBe('new')
    await run('DELETE', '/keeper')
    expect(await left()).toEqual([expect.stringMatching(/data/)])
    await run('POST', '', body)
    expect(await firstLine(bench, 'keeper')).toBe('kept')
    const { result } = await run('DELETE', '/keeper?volumes=true')
    expect(result?.changes).toContainEqual({ subject: expect.stringMatching(/data/), action: 'deleted' })
    expect(await left()).toEqual([])
  },
} satisfies Record<string, Scenario>
