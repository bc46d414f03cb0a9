// The commands as a user types them, against a real API whose jobs the tests move as a worker would.
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Job } from '../../src/jobs/job.ts'
import { failed } from '../../src/jobs/work.ts'
import { fail, finish, hello, send, start } from '../api/kit.ts'
import { freePort } from '../kit/redis.ts'
import { waitFor } from '../kit/wait.ts'
import { runCli, type Server, startServer, temporaryFolder } from './kit.ts'

let server: Server
const folder = temporaryFolder()

beforeAll(async () => {
  server = await startServer()
  writeFileSync(join(folder.path, 'hello.yml'), hello)
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

/** The job that a command has started on a system, as soon as there is one. */
function jobOn(system: string, kind: Job['kind'] = 'system.start'): Promise<string> {
  return waitFor(
    `a ${kind} of ${system}`,
    () => server.enqueued.find((job) => job.system.name === system && job.kind === kind)?.id,
    { intervalMs: 20 },
  )
}

const run: Server['run'] = (args, options) => server.run(args, { folder: folder.path, ...options })

describe('tycho up', () => {
  it('waits until the system is ready, and says where it is reached', async () => {
    const ended = await run(['up', '-f', 'hello.yml', '-n', 'ready'], {
      during: async () => finish(server, await jobOn('ready')),
    })
    expect(ended).toMatchObject({
      code: 0,
      stdout: 'ready is running\n  web  80/tcp  http://127.0.0.1:30080\n',
    })
    expect(ended.stderr).toContain('Starting ready: waits for a worker\n')
  })

  it('names the system by the path of the file', async () => {
    const ended = await run(['up', '-f', 'hello.yml', '--no-wait'])
    expect(ended).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^hello is accepted as job \S+\n$/),
    })
  })

  it('leaves the name to a file that has one', async () => {
    writeFileSync(join(folder.path, 'named.yml'), `name: from_$WHO\n${hello}`)
    const ended = await run(['up', '-f', 'named.yml', '--no-wait', '--env', 'WHO=ann'])
    expect(ended.stdout).toMatch(/^from-ann is accepted/)
  })

  it('reads standard input', async () => {
    const ended = await run(['up', '-f', '-', '-n', 'piped', '--no-wait'], { input: hello })
    expect(ended.stdout).toMatch(/^piped is accepted/)
  })

  it('starts one image', async () => {
    const args = ['up', '-n', 'short', '-c', 'demo/hello', '-p', '8888', '-p', '9999', '--command', 'a "b c"']
    expect(await run([...args, '--no-wait'])).toMatchObject({ code: 0 })
    const record = await server.store.works.job(await jobOn('short'))
    const content = await server.store.contents.get(record?.spec ?? '')
    expect(content).toMatchObject({
      spec: {
        services: {
          short: { image: 'demo/hello', command: ['a', 'b c'], ports: [{ target: 8888 }, { target: 9999 }] },
        },
      },
    })
  })

  it('prints one JSON document', async () => {
    const ended = await run(['up', '-f', 'hello.yml', '-n', 'document', '--json'], {
      during: async () => finish(server, await jobOn('document')),
    })
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(ended.stdout)).toMatchObject({
      status: 'succeeded',
      result: { containers: { web: { port: 30080 } } },
    })
  })

  it('ends with 1 when the system fails, with the reason', async () => {
    const ended = await run(['up', '-f', 'hello.yml', '-n', 'broken'], {
      during: async () =>
        fail(server, await jobOn('broken'), 'IMAGE_NOT_FOUND', 'web: there is no such image'),
    })
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toContain('broken failed: IMAGE_NOT_FOUND: web: there is no such image\n')
  })

  it('ends with 4 when the deadline passes', async () => {
    const ended = await run(['up', '-f', 'hello.yml', '-n', 'late', '--timeout', '60', '--json'], {
      during: async () => fail(server, await jobOn('late'), 'DEADLINE_EXCEEDED', 'Not ready after 60 s'),
    })
    expect(ended.code).toBe(4)
    expect((await server.store.works.job(await jobOn('late')))?.timeoutMs).toBe(60_000)
  })

  it('ends with 8 when the job is canceled', async () => {
    const cancel = async () => {
      const error = { code: 'SUPERSEDED', message: 'superseded', retryable: false, details: {} }
      await server.store.works.change(await jobOn('gone'), (work) => {
        const ended = failed(work, error, Date.now())
        return { ...ended, job: { ...ended.job, status: 'canceled' } }
      })
    }
    expect(await run(['up', '-f', 'hello.yml', '-n', 'gone'], { during: cancel })).toMatchObject({ code: 8 })
  })

  it('ends with 7 when the name is taken', async () => {
    await run(['up', '-f', 'hello.yml', '-n', 'taken', '--no-wait'])
    const ended = await run(['up', '-f', 'hello.yml', '-n', 'taken'])
    expect(ended).toMatchObject({ code: 7, stdout: '' })
    expect(ended.stderr).toContain('error: NAME_TAKEN: ')
    expect(ended.stderr).toMatch(
      /\ntaken is starting: "tycho wait \w{26}" waits for it, "tycho status taken"/,
    )
  })

  it('says at Ctrl-C that the system goes on, and how to stop it', async () => {
    const ended = await run(['up', '-f', 'hello.yml', '-n', 'left'], {
      during: async (child) => {
        await jobOn('left')
        await waitFor('the poll', () => server.waiting() > 0, { intervalMs: 20 })
        // As under npx, which passes on what the terminal has sent already.
        child.kill('SIGINT')
        child.kill('SIGINT')
      },
    })
    expect(ended.code).toBe(130)
    expect(ended.stderr).toMatch(
      /left goes on starting: "tycho wait \w{26}" waits for it, "tycho status left" shows it, "tycho down left" stops it\n$/,
    )
  })
})

describe('bad input', () => {
  it('is printed with its place and its line', async () => {
    writeFileSync(join(folder.path, 'bad.yml'), 'services:\n  web:\n    image: a b\n    prots: [80]\n')
    const ended = await run(['up', '-f', 'bad.yml'])
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toMatch(/^bad\.yml:3:\d+: error INVALID_IMAGE services\.web\.image: /)
    expect(ended.stderr).toContain('\n        prots: [80]\n        ^\n')
    expect(ended.stderr).toContain('error: INVALID_SYSTEM: 2 errors, nothing was changed\n')
  })

  it('is one JSON document with --json', async () => {
    writeFileSync(join(folder.path, 'bad.yml'), 'services: {}\n')
    const ended = await run(['up', '-f', 'bad.yml', '--json'])
    expect(ended).toMatchObject({ code: 2, stderr: '' })
    expect(JSON.parse(ended.stdout)).toMatchObject({
      error: { code: 'INVALID_SYSTEM', problems: [{ file: 'bad.yml', line: 1 }] },
    })
  })

  it.each([
    [['up'], 'Name a Compose file with -f'],
    [['up', '-f', 'nope.yml'], "Can't read nope.yml: there is no such file"],
    [['up', '-f', '.'], '. is a folder'],
    [['up', '-f', 'hello.yml', '-c', 'x'], '-f and -c exclude each other'],
    [['up', '-f', 'hello.yml', '-n', 'a', '-n', 'b'], 'It can be given once'],
    [['up', '-f', 'hello.yml', '-p', '80'], '-p and --command belong to -c'],
    [['up', '-c', 'x'], '-n NAME'],
    [['up', '-c', 'x', '-n', 'x', '-p', '70000'], 'from 1 to 65535'],
    [['up', '-f', 'hello.yml', '--timeout', '1.5'], 'whole number of seconds'],
    [['up', '-f', 'hello.yml', '--nonsense'], "unknown option '--nonsense'"],
    [['down'], 'Name a Compose file with -f'],
    [['down', 'one', '-f', 'hello.yml'], 'Name the systems to stop'],
    [['status', '-s', 'nowhere'], 'nowhere is no address of a server'],
    [['nonsense'], "unknown command 'nonsense'"],
  ])('of the command itself ends with 2: %j', async (args, words) => {
    const [ended, document] = await Promise.all([run(args), run([...args, '--json'])])
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toContain(words)
    expect(document).toMatchObject({ code: 2, stderr: '' })
    expect(JSON.parse(document.stdout).error).toMatchObject({ code: 'BAD_USAGE', problems: [] })
  })

  it('in the settings names the variable', async () => {
    const ended = await run(['status'], { env: { TYCHO_PRT: '1' } })
    expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('TYCHO_PRT') })
  })
})

describe('tycho down', () => {
  it('stops the system of a file, and is done when nothing is left', async () => {
    writeFileSync(join(folder.path, 'stop.yml'), hello)
    await run(['up', '-f', 'stop.yml', '--no-wait'])
    const ended = await run(['down', '-f', 'stop.yml'], {
      during: async () => finish(server, await jobOn('stop', 'system.stop')),
    })
    expect(ended).toMatchObject({ code: 0, stdout: 'stop is stopped\n' })
  })

  it('deletes the volumes where that is asked for', async () => {
    await run(['up', '-f', 'hello.yml', '-n', 'voluminous', '--no-wait'])
    await run(['down', 'voluminous', '--volumes', '--no-wait'])
    const job = await jobOn('voluminous', 'system.stop')
    expect(await server.store.works.job(job)).toMatchObject({ volumes: true })
  })

  it('deletes those that a stopped system has kept', async () => {
    await finish(server, (await start(server, { name: 'keeper', compose: hello })).id)
    await run(['down', 'keeper', '--no-wait'])
    await finish(server, await jobOn('keeper', 'system.stop'))
    expect(await run(['down', 'keeper', '--no-wait'])).toMatchObject({ code: 6 })
    expect(await run(['down', 'keeper', '--volumes', '--no-wait'])).toMatchObject({ code: 0 })
    const { job = '' } = (await server.store.works.system('alice', 'keeper')) ?? {}
    expect(await server.store.works.job(job)).toMatchObject({ kind: 'system.stop', volumes: true })
  })

  it('finds the name that a file gives itself', async () => {
    writeFileSync(join(folder.path, 'self.yml'), `name: my_system\n${hello}`)
    await run(['up', '-f', 'self.yml', '--no-wait'])
    const ended = await run(['down', '-f', 'self.yml', '--no-wait'])
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringMatching(/^my-system is being stopped/) })
  })

  it('ends with 6 for a system that is not there, and stops the others', async () => {
    await run(['up', '-f', 'hello.yml', '-n', 'other', '--no-wait'])
    const ended = await run(['down', 'missing', 'other', '--no-wait', '--json'])
    expect(ended.code).toBe(6)
    expect(JSON.parse(ended.stdout)).toMatchObject({
      jobs: [{ error: { code: 'SYSTEM_NOT_FOUND' } }, { kind: 'system.stop', system: { name: 'other' } }],
    })
  })
})

describe('tycho cancel', () => {
  const starting = async (name: string) => (await start(server, { name, compose: hello })).id

  it('ends a job, and is done when it is', async () => {
    const id = await starting('unwanted')
    const ended = await run(['cancel', id])
    expect(ended).toMatchObject({ code: 0, stdout: `unwanted: job ${id} is canceled\n` })
  })

  it('ends as the job where that was done before', async () => {
    const id = await starting('fallen')
    await fail(server, id, 'IMAGE_NOT_FOUND', 'no such image')
    const ended = await run(['cancel', id])
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toContain('fallen failed: IMAGE_NOT_FOUND: no such image')
  })

  it('ends with 7 for a stop', async () => {
    await starting('leaving')
    const stop = await send<Job>(server, { method: 'DELETE', url: '/v1/systems/leaving' })
    const ended = await run(['cancel', stop.body.id, '--json'])
    expect(ended).toMatchObject({ code: 7, stderr: '' })
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'CANNOT_CANCEL' } })
  })
})

describe('tycho status', () => {
  it('lists systems, or shows one', async () => {
    await run(['up', '-f', 'hello.yml', '-n', 'shown'], {
      during: async () => finish(server, await jobOn('shown')),
    })
    expect((await run(['status', '--terse'])).stdout).toContain('shown\trunning\thttp://127.0.0.1:30080\n')
    expect((await run(['status', 'shown'])).stdout).toMatch(
      /^shown {2}running {2}since .*\n {2}web {2}ready\n/,
    )
    const { systems } = JSON.parse((await run(['status', '--json'])).stdout)
    expect(systems).toContainEqual(expect.objectContaining({ name: 'shown', phase: 'running' }))
    expect(await run(['status', 'missing'])).toMatchObject({ code: 6 })
  })
})

describe('the server', () => {
  it('that is not there ends the command with 3', async () => {
    const url = `http://127.0.0.1:${await freePort()}`
    const ended = await runCli(['status', '-s', url])
    expect(ended.code).toBe(3)
    expect(ended.stderr).toContain(`Can't reach a server at ${url}`)
    expect(ended.stderr).toContain('npm start')
    const document = await runCli(['down', 'x', '--json'], { env: { TYCHO_URL: url } })
    expect(document.code).toBe(3)
    expect(JSON.parse(document.stdout)).toMatchObject({ error: { code: 'UNREACHABLE' } })
  })

  it('that is no Tycho ends the command with 3', async () => {
    const stranger = createServer((_request, response) => response.writeHead(403).end())
    const port = await freePort()
    await new Promise<void>((resolve) => stranger.listen(port, '127.0.0.1', resolve))
    const ended = await runCli(['status', '-s', `http://127.0.0.1:${port}`])
    stranger.close()
    expect(ended).toMatchObject({ code: 3, stderr: expect.stringContaining('is not a Tycho server') })
  })

  it('that wants a token ends the command with 5', async () => {
    await using closed = await startServer({ anonymousTenant: null })
    expect(await closed.run(['status'])).toMatchObject({ code: 5 })
  })
})

describe('tycho', () => {
  it('says its version', async () => {
    expect(JSON.parse((await runCli(['version', '--json'])).stdout)).toHaveProperty('version')
  })
})
