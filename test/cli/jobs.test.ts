// `tycho jobs` and `tycho wait` as a user types them, against a real API whose jobs the tests move as a worker would.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fail, finish, hello, start } from '../api/kit.ts'
import { waitFor } from '../kit/wait.ts'
import { type Server, startServer } from './kit.ts'

let server: Server

beforeAll(async () => {
  server = await startServer()
})

afterAll(() => server[Symbol.asyncDispose]())

const starting = async (name: string) => (await start(server, { name, compose: hello })).id

it('lists jobs as they are asked for', async () => {
  const [good, bad] = [await starting('good'), await starting('bad')]
  await finish(server, good)
  await fail(server, bad, 'IMAGE_NOT_FOUND', 'no such\nimage')
  const [all, failed, one] = await Promise.all([
    server.run(['jobs']),
    server.run(['jobs', '--status', 'failed', '--kind', 'start', '--terse']),
    server.run(['jobs', '--system', 'good', '--json']),
  ])
  expect(all).toMatchObject({ code: 0, stderr: '' })
  expect(all.stdout).toMatch(
    new RegExp(`^${bad}  bad +start +failed +\\d+[sm] +IMAGE_NOT_FOUND: no such image$`, 'm'),
  )
  expect(all.stdout.indexOf(bad)).toBeLessThan(all.stdout.indexOf(good))
  expect(failed.stdout).toBe(`${bad}\tbad\tstart\tfailed\n`)
  expect(JSON.parse(one.stdout)).toMatchObject({ jobs: [{ id: good, status: 'succeeded' }] })
})

it('says of a long list that there is more of it, and of an empty one that there is nothing', async () => {
  await starting('third')
  await starting('fourth')
  const [few, none] = await Promise.all([
    server.run(['jobs', '--limit', '1']),
    server.run(['jobs', '--kind', 'resume']),
  ])
  expect(few.stdout.trim().split('\n')).toHaveLength(2)
  expect(few.stderr).toBe('There are more than these 1: --limit shows them\n')
  expect(none).toEqual({ code: 0, stdout: '', stderr: 'There are no such jobs\n' })
})

it('waits for a job that was begun before, and ends as it does', async () => {
  const [waited, broken] = [await starting('waited'), await starting('broken')]
  await fail(server, broken, 'IMAGE_NOT_FOUND', 'no such image')
  const [ended, failed, missing] = await Promise.all([
    server.run(['wait', waited], {
      during: async () => {
        await waitFor('the poll', () => server.waiting() > 0, { intervalMs: 20 })
        await finish(server, waited)
      },
    }),
    server.run(['wait', broken, '--json']),
    server.run(['wait', 'nowhere']),
  ])
  expect(ended).toMatchObject({
    code: 0,
    stdout: 'waited is running\n  web  80/tcp  http://127.0.0.1:30080\n',
  })
  expect(failed).toMatchObject({ code: 1, stderr: '' })
  expect(JSON.parse(failed.stdout)).toMatchObject({ error: { code: 'IMAGE_NOT_FOUND' } })
  expect(missing).toMatchObject({ code: 6, stderr: expect.stringContaining('JOB_NOT_FOUND') })
})
