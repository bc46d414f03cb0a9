// `tycho tokens`, as an operator types it, and the token that every command sends.
import { expect, it } from 'vitest'
import { runCli, startServer } from './kit.ts'

const adminToken = 'the-operators-own-token-of-a-good-length'
const operator = { env: { TYCHO_TOKEN: adminToken } }

it('makes a token that lets commands in, lists it, and revokes it', async () => {
  await using server = await startServer({ anonymousTenant: null, adminToken })
  expect(await server.run(['status'])).toMatchObject({ code: 5 })
  const made = await server.run(
    ['tokens', 'create', '--tenant', 'bob', '--description', 'a\nscript'],
    operator,
  )
  expect(made.code).toBe(0)
  const token = made.stdout.trim()
  expect(token).toMatch(/^tycho_[0-9a-z]{26}_[\w-]{43}$/)
  expect(made.stderr).not.toContain(token)
  expect(await server.run(['status'], { env: { TYCHO_TOKEN: token } })).toMatchObject({ code: 0 })
  expect(await server.run(['tokens', 'list'], { env: { TYCHO_TOKEN: token } })).toMatchObject({
    code: 5,
    stderr: expect.stringContaining('INSUFFICIENT_SCOPE'),
  })

  const [, id = ''] = token.split('_')
  const listed = await server.run(['tokens', 'list'], operator)
  expect(listed.stdout.split('\n')[1]).toMatch(new RegExp(`^${id}  bob +write +\\S+ +never +a script$`))
  expect(listed.stdout).not.toContain(token)
  expect((await server.run(['tokens', 'list', '--terse'], operator)).stdout).toBe(`${id}\tbob\twrite\n`)
  expect(await server.run(['tokens', 'revoke', id], operator)).toMatchObject({ code: 0 })
  expect(await server.run(['status'], { env: { TYCHO_TOKEN: token } })).toMatchObject({ code: 5 })
  expect(await server.run(['tokens', 'revoke', id], operator)).toMatchObject({ code: 6 })
})

it('prints one JSON document with --json', async () => {
  await using server = await startServer({ adminToken })
  const args = ['tokens', 'create', '--tenant', 'ci', '--scope', 'read', '--ttl', '60', '--json']
  const made = JSON.parse((await server.run(args)).stdout)
  expect(made).toMatchObject({ tenant: 'ci', scopes: ['read'], expiresAt: expect.any(String) })
  const listed = JSON.parse((await server.run(['tokens', 'list', '--tenant', 'ci', '--json'])).stdout)
  expect(listed).toEqual({ tokens: [expect.objectContaining({ id: made.id })] })
  const revoked = await server.run(['tokens', 'revoke', made.id, '--json'])
  expect(JSON.parse(revoked.stdout)).toEqual({ id: made.id, revoked: true })
})

it('refuses scopes that there are not, and a tenant that is left out, with 2', async () => {
  await using server = await startServer()
  expect((await server.run(['tokens', 'create', '--tenant', 'ci', '--scope', 'all'])).code).toBe(2)
  expect((await server.run(['tokens', 'create'])).code).toBe(2)
})

it('has help with examples for each of them', async () => {
  const helps = await Promise.all(
    [[], ['create'], ['list'], ['revoke']].map((more) => runCli(['tokens', ...more, '--help'])),
  )
  for (const { code, stdout } of helps) {
    expect(code).toBe(0)
    expect(stdout).toContain('Examples:')
  }
})
