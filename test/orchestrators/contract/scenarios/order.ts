// The order that `depends_on` asks for, as the containers themselves have seen it.
import { expect } from 'vitest'
import { type Scenario, shell } from '../scenario.ts'
import { logLines } from './lines.ts'

const once = (script: string, more: object = {}) => shell(script, { restart: 'no', ...more })

export const order = {
  'a service starts when what it depends on is healthy, or has ended well': async ({ run, place, tycho }) => {
    const services = {
      web: shell('wget -q -O - http://db:8080/ || echo none; exec sleep 600', {
        depends_on: {
          db: { condition: 'service_healthy' },
          migrate: { condition: 'service_completed_successfully' },
        },
      }),
      // Its page is there as soon as it is healthy.
      db: shell('sleep 3; mkdir /tmp/www; echo up > /tmp/www/index.html; exec httpd -f -p 8080 -h /tmp/www', {
        healthcheck: {
          test: ['CMD', 'wget', '-q', '-O', '/dev/null', 'http://127.0.0.1:8080/'],
          interval: '1s',
          retries: 60,
        },
      }),
      migrate: once('sleep 2', { depends_on: { db: { condition: 'service_started' } } }),
    }
    await run('POST', '', { name: 'order', compose: { services } })
    expect(await logLines(tycho, 'order', '?service=web', 1)).toEqual(['up'])
    const containers = await place.containers('order')
    const of = (service: string) => containers.find((one) => one.service === service)
    expect(of('web')?.startedAt).toBeGreaterThanOrEqual(of('migrate')?.endedAt ?? Number.NaN)
  },

  'what is to end well and does not fails the start, and what waits for it never runs': async ({
    ask,
    place,
  }) => {
    const services = {
      migrate: once('exit 3'),
      web: shell('exec sleep 600', {
        depends_on: { migrate: { condition: 'service_completed_successfully' } },
      }),
    }
    const job = await ask('POST', '', { name: 'undone', keepOnFailure: true, compose: { services } })
    expect(job).toMatchObject({ status: 'failed', error: { message: expect.stringContaining('code 3') } })
    const containers = await place.containers('undone')
    expect([...new Set(containers.map(({ service }) => service))]).toEqual(['migrate'])
  },
} satisfies Record<string, Scenario>
