// The logs of containers: the last lines, those since a time, and a stream that goes on over a restart.
import { expect } from 'vitest'
import { waitFor } from '../../../kit/wait.ts'
import { type Scenario, shell } from '../scenario.ts'
import { followLogs, logLines, readLogs } from './lines.ts'

export const logs = {
  'logs are the last lines, or those since a time, with what is secret masked': async ({ run, tycho }) => {
    const script =
      'for i in 1 2 3 4 5; do echo line $i; done; echo the token is $API_TOKEN; sleep 2; echo late; exec sleep 600'
    const web = shell(script, { environment: { API_TOKEN: 's3cretValue' } })
    await run('POST', '', { name: 'talker', compose: { services: { web } } })

    const all = await logLines(tycho, 'talker', '', 7)
    const masked = 'the token is •••••••••••'
    expect(all).toEqual(['line 1', 'line 2', 'line 3', 'line 4', 'line 5', masked, 'late'])
    expect(await logLines(tycho, 'talker', '?tail=2', 2)).toEqual([masked, 'late'])
    expect((await readLogs(tycho, 'talker', '?tail=0')).text).toBe('')
    expect((await readLogs(tycho, 'talker', '?since=1h')).text.split('\n')).toHaveLength(8)
    const later = new Date(Date.now() + 60_000).toISOString()
    expect(await readLogs(tycho, 'talker', `?since=${later}`)).toEqual({ status: 200, text: '' })
    expect((await readLogs(tycho, 'talker', '?since=1h&tail=1')).text).toBe('late\n')
  },

  'logs of several services and copies come together, each line with its own': async ({ run, tycho }) => {
    const services = {
      web: shell('echo hello from web; exec sleep 600', { deploy: { replicas: 2 } }),
      db: shell('echo hello from db; exec sleep 600'),
    }
    await run('POST', '', { name: 'pair', compose: { services } })
    const lines = await logLines(tycho, 'pair', '', 3)
    expect(lines.toSorted()).toEqual([
      expect.stringMatching(/^db\/[a-z0-9]+ \| hello from db$/),
      expect.stringMatching(/^web\/[a-z0-9]+ \| hello from web$/),
      expect.stringMatching(/^web\/[a-z0-9]+ \| hello from web$/),
    ])
    expect(new Set(lines.map((line) => line.split(' | ')[0])).size).toBe(3)
    expect(await logLines(tycho, 'pair', '?service=db', 1)).toEqual(['hello from db'])
    expect(await readLogs(tycho, 'pair', '?service=cache')).toMatchObject({
      status: 404,
      text: expect.stringContaining('SERVICE_NOT_FOUND'),
    })
  },

  'logs that are followed go on over a restart and an end of the container, and end with the system': async ({
    run,
    tycho,
  }) => {
    // A run for each ten numbers: the container ends and is begun again.
    const web = shell('for i in $(seq 10); do echo $i; sleep 0.2; done')
    await run('POST', '', { name: 'counter', compose: { services: { web } } })

    await using stream = await followLogs(tycho, 'counter', '&tail=1000')
    const tens = () => stream.lines.filter((line) => line === '10').length
    await waitFor('a second run of the container', () => tens() >= 2, { timeoutMs: 60_000 })
    const before = stream.lines.length
    await run('POST', '/counter/restart')
    await waitFor('the new container to speak', () => stream.lines.slice(before).includes('10'), {
      timeoutMs: 60_000,
    })
    const numbers = stream.lines.map(Number)
    // Within each run every number comes once and in order; two runs meet only where the containers do.
    const begins = numbers.filter((one) => one === 1).length
    expect(numbers.filter((one) => one === 2).length).toBeGreaterThanOrEqual(begins - 1)
    expect(numbers.slice(0, 10)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    await run('DELETE', '/counter')
    await stream.over
    expect((await readLogs(tycho, 'counter')).status).toBe(404)
  },

  'a suspended system has no logs, and a stream of them waits for the resume': async ({ run, tycho }) => {
    const web = shell('echo awake; exec sleep 600')
    await run('POST', '', { name: 'sleeper', compose: { services: { web } } })
    await run('POST', '/sleeper/suspend')
    expect(await readLogs(tycho, 'sleeper')).toMatchObject({
      status: 404,
      text: expect.stringContaining('NO_LOGS'),
    })
    await using stream = await followLogs(tycho, 'sleeper')
    await run('POST', '/sleeper/resume')
    await waitFor('the new container to speak', () => stream.lines.includes('awake'))
    expect(stream.lines).toEqual(['awake'])
  },
} satisfies Record<string, Scenario>
