// `tycho webhooks` as a user types it, against a real API.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Server, startServer } from './kit.ts'

let server: Server

beforeAll(async () => {
  server = await startServer()
})

afterAll(() => server[Symbol.asyncDispose]())

const url = 'https://portal.example.org/hooks/tycho'

const run = (...args: string[]) => server.run(['webhooks', ...args])

it('registers an endpoint, tries it, shows what was sent, gives it a new secret and deletes it', async () => {
  const made = await run('create', url, '--event', 'system.failed', '--description', 'the\nportal')
  expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^whsec_\S+\n$/) })
  const [, id = ''] = /^Webhook (\S+);/.exec(made.stderr) ?? []
  expect(made.stderr).not.toContain(made.stdout.trim())

  const pinged = await run('ping', id, '--json')
  const { id: delivery } = JSON.parse(pinged.stdout)
  const [list, sent, rotated] = await Promise.all([
    run('list'),
    run('deliveries', id, '--terse'),
    run('rotate', id),
  ])
  expect(list.stdout.split('\n')[1]).toMatch(
    new RegExp(`^${id}  ${url} +system.failed +enabled +the portal$`),
  )
  expect(list.stdout).not.toContain('whsec_')
  expect(sent).toEqual({ code: 0, stderr: '', stdout: `${delivery}\twebhook.ping\tpending\t0\n` })
  expect(rotated.stdout).toMatch(/^whsec_\S+\n$/)
  expect(rotated.stdout).not.toBe(made.stdout)
  expect(rotated.stderr).toMatch(/^The secret before it signs too, until /)

  const [early, gone] = [await run('redeliver', delivery, '--webhook', id), await run('delete', id)]
  expect(early).toMatchObject({ code: 7, stdout: '' })
  expect(gone).toMatchObject({ code: 0, stdout: `Webhook ${id} is deleted\n` })
  expect(await run('ping', id)).toMatchObject({ code: 6, stdout: '' })
})

it('shows the secret of callbacks, and makes a new one', async () => {
  const secret = await run('secret')
  expect(secret).toMatchObject({ code: 0, stderr: '', stdout: expect.stringMatching(/^whsec_\S+\n$/) })
  const rotated = JSON.parse((await run('secret', '--rotate', '--json')).stdout)
  expect(rotated).toMatchObject({ previousValidUntil: expect.any(String) })
  expect(rotated.secret).not.toBe(secret.stdout.trim())
})

it('refuses what is no use', async () => {
  const [event, both, none, missing] = await Promise.all([
    run('create', url, '--event', 'system.exploded'),
    run('deliveries', 'x', '--job', 'y'),
    run('deliveries', '--status', 'failed'),
    run('redeliver', 'nowhere', '--json'),
  ])
  expect(event).toMatchObject({ code: 2, stdout: '' })
  expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('leave out the endpoint') })
  expect(none).toEqual({ code: 0, stdout: '', stderr: 'Nothing of the kind was sent\n' })
  expect(missing).toMatchObject({ code: 6, stderr: '' })
})
