// `tycho batch` as a user types it, against a real API.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hello } from '../api/kit.ts'
import { ampleCapacity, bound, namespaceWith } from '../kit/capacity.ts'
import { type Server, startServer, temporaryFolder } from './kit.ts'

let server: Server
let capacity = ampleCapacity
const folder = temporaryFolder()

beforeAll(async () => {
  server = await startServer({ reading: { capacity: async (asked) => capacity(asked) } })
  writeFileSync(join(folder.path, 'hello.yml'), hello)
  writeFileSync(join(folder.path, 'students.csv'), 'name,STUDENT\nada,Ada\nbob,Bob\ncid,Cid\n')
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

const run: Server['run'] = (args, options) => server.run(args, { folder: folder.path, ...options })

describe('tycho batch plan', () => {
  it('says what so many systems need', async () => {
    const ended = await run(['batch', 'plan', '-f', 'hello.yml', '--count', '300'])
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout).toContain('hello: 300 systems, published by nodePort: it fits\n')
    expect(ended.stdout).toMatch(/^Deployment +300$/m)
    expect(ended.stdout).toMatch(/^node ports +300 +0 +1000000$/m)
    expect(ended.stdout).toMatch(/^pods +300 +unknown +unknown$/m)
    expect(ended.stdout).toMatch(/^default +300$/m)
    expect(ended.stdout).toMatch(/^demo\/hello +unknown$/m)
  })

  it('takes the systems from a file of items, or from standard input', async () => {
    const args = ['batch', 'plan', '-f', 'hello.yml', '-n', 'class', '--json', '--items']
    const ended = await run([...args, 'students.csv'])
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(ended.stdout)).toMatchObject({ name: 'class', members: 3, needs: { pods: 3 } })
    const piped = await run([...args, '-'], { input: '[{}, {}]' })
    expect(JSON.parse(piped.stdout)).toMatchObject({ members: 2 })
  })

  it('sends the exposure that is asked for', async () => {
    const args = ['batch', 'plan', '-f', 'hello.yml', '--count', '2', '--exposure', 'clusterIP', '--json']
    expect(JSON.parse((await run(args)).stdout)).toMatchObject({ needs: { nodePorts: 0 } })
  })

  it('ends with 1 where it does not fit, and says why', async () => {
    capacity = (asked) => ({
      ...ampleCapacity(asked),
      namespaces: [namespaceWith('default', [bound('Deployment', 5, 3)])],
    })
    const args = ['batch', 'plan', '-f', 'hello.yml', '--count', '3']
    const ended = await run(args)
    const document = await run([...args, '--json'])
    capacity = ampleCapacity
    expect(ended.code).toBe(1)
    expect(ended.stdout).toContain('it does not fit')
    expect(ended.stdout).toMatch(/^default +2 +Deployment +2 +3 +5$/m)
    expect(ended.stdout).toContain('(no place)  1\n')
    expect(ended.stderr).toContain(
      'error NO_ROOM namespaces.default.Deployment: in default Deployment: 3 needed, 3 of 5 used\n',
    )
    expect(document).toMatchObject({ code: 1, stderr: '' })
    expect(JSON.parse(document.stdout)).toMatchObject({ fits: false, withoutPlace: 1 })
  })

  it.each([
    [['--count', '2'], 'Name a Compose file with -f'],
    [['-f', 'hello.yml'], 'Say how many systems'],
    [['-f', 'hello.yml', '--count', '2', '--items', 'students.csv'], 'Say how many systems'],
    [['-f', 'hello.yml', '--count', 'many'], 'at least 1'],
    [['-f', '-', '--items', '-'], 'Standard input can be read once'],
    [['-f', 'hello.yml', '--items', 'nowhere.csv'], "Can't read nowhere.csv"],
  ])('refuses bad usage: %j', async (args, message) => {
    const ended = await run(['batch', 'plan', ...args])
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toContain(message)
  })

  it('shows what is wrong with the template at its place', async () => {
    writeFileSync(join(folder.path, 'bad.yml'), 'services:\n  web:\n    ports: ["80"]\n')
    const ended = await run(['batch', 'plan', '-f', 'bad.yml', '--count', '2'])
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain('bad.yml:2:')
  })
})
