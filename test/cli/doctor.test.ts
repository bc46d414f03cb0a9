// `tycho doctor`, as a user types it, and what it found as text.
import { expect, it } from 'vitest'
import { doctorLines } from '../../src/cli/doctor-view.ts'
import { runCli, startServer } from './kit.ts'

const plain = (_style: string, text: string) => text

it('shows the parts, and ends with 1 while one of them is away', async () => {
  await using server = await startServer()
  const ended = await server.run(['doctor'])
  expect(ended.code).toBe(1)
  expect(ended.stdout).toMatch(/^tycho +ok +\d+\.\d+\.\d+ +Node \d+/)
  expect(ended.stdout).toMatch(/^workers +away +no worker is alive/m)
  expect(ended.stdout).toContain('\nNo strays\n')
  const json = await server.run(['doctor', '--json'])
  expect(JSON.parse(json.stdout)).toMatchObject({ healthy: false, strays: [] })
})

it('refuses to remove what is no stray', async () => {
  await using server = await startServer()
  const ended = await server.run(['doctor', '--remove', 'nobodys'])
  expect(ended).toMatchObject({ code: 7, stderr: expect.stringContaining('nobodys') })
})

it('names each stray with its uid', () => {
  const stray = {
    tenant: 'alice',
    namespace: 'default',
    system: 'demo',
    sid: 'one',
    objects: [{ subject: 'Deployment/demo', uid: 'u-1', createdAt: '2026-01-01T00:00:00.000Z' }],
  }
  const { system: _system, sid: _sid, ...rest } = stray
  const strays = [stray, { ...rest, preparation: 'p' }]
  const lines = doctorLines({ version: '1', node: '24', healthy: false, parts: [], strays }, plain)
  expect(lines).toContain('  images that are pulled  of alice in default, preparation p')
  expect(lines).toContain('  demo  of alice in default, sid one')
  expect(lines).toContain('    Deployment/demo  u-1  2026-01-01T00:00:00.000Z')
})

it('says with an unreachable server what the others say', async () => {
  const ended = await runCli(['doctor', '-s', 'http://127.0.0.1:1'])
  expect(ended.code).toBe(3)
})
