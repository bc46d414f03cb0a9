// Restart, suspend and resume: what is new afterwards, what is kept, and that nothing runs in between.
import { expect } from 'vitest'
import { waitForOk } from '../../../kit/http.ts'
import type { SeenContainer } from '../place.ts'
import { page, type Scenario, shell } from '../scenario.ts'

const compose = {
  services: {
    page: page({ ports: ['8888'], depends_on: ['db'] }),
    db: shell('exec sleep 600', { deploy: { replicas: 2 } }),
  },
}

const running = (containers: readonly SeenContainer[]) => containers.filter(({ isRunning }) => isRunning)
const servicesOf = (containers: readonly SeenContainer[]) =>
  running(containers)
    .map(({ service }) => service)
    .sort()

export const verbs = {
  'a restart makes new containers behind the same port, and no later change repeats it': async (bench) => {
    const { run, show, place } = bench
    await run('POST', '', { name: 'anew', compose })
    const before = new Set((await place.containers('anew')).map(({ id }) => id))
    const { sid, endpoints } = await show('anew')
    await run('POST', '/anew/restart')
    const after = running(await place.containers('anew')).filter(({ id }) => !before.has(id))
    expect(servicesOf(after)).toEqual(['db', 'db', 'page'])
    expect(await show('anew')).toMatchObject({ sid, endpoints, phase: 'running' })
    expect(await waitForOk(endpoints[0]?.url ?? '')).toContain('Hello')

    const { result } = await run('PUT', '/anew', { compose })
    expect(result?.changes.filter(({ action }) => action !== 'unchanged')).toEqual([])
  },

  'nothing of a suspended system runs, and a resume brings it back': async ({ run, show, place }) => {
    await run('POST', '', { name: 'asleep', compose })
    const { sid, endpoints } = await show('asleep')
    await run('POST', '/asleep/suspend')
    expect(running(await place.containers('asleep'))).toEqual([])
    const suspended = await show('asleep')
    expect(suspended).toMatchObject({ sid, endpoints, phase: 'suspended', readiness: 'absent' })
    expect(suspended.differences).toBeUndefined()
    const { result } = await run('POST', '/asleep/suspend')
    expect(result?.changes.filter(({ action }) => action !== 'unchanged')).toEqual([])

    await run('POST', '/asleep/resume')
    expect(servicesOf(await place.containers('asleep'))).toEqual(['db', 'db', 'page'])
    expect(await show('asleep')).toMatchObject({ sid, endpoints, phase: 'running' })
    expect(await waitForOk(endpoints[0]?.url ?? '')).toContain('Hello')
  },
} satisfies Record<string, Scenario>
