// A batch from its launch to its end, as a teacher types it: the real command line, the API and a worker on one Redis.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { createMemoryOrchestrator, type MemoryOrchestrator } from '../kit/orchestrator.ts'
import { waitFor } from '../kit/wait.ts'
import { openWorkerBench, type WorkerBench } from '../kit/workers.ts'
import { type Server, startServer, temporaryFolder } from './kit.ts'

const template = `services:
  web:
    image: demo/hello
    environment: { PASS_ON: "\${TYCHO_TOKEN}", STUDENT: "\${STUDENT:-nobody}" }
    ports: ["80"]
`

const endpoint = {
  service: 'web',
  containerPort: 80,
  protocol: 'tcp' as const,
  port: 30080,
  url: 'http://node:30080',
}

const ready = { readiness: 'ready' as const, started: true, completed: false }
const pending = { ...ready, readiness: 'pending' as const, started: false }
const broken = {
  ...pending,
  readiness: 'failed' as const,
  reason: { code: 'CRASH_LOOP', message: 'it ends\nagain' },
}

let server: Server
let bench: WorkerBench
let orchestrator: MemoryOrchestrator
const folder = temporaryFolder()

beforeAll(async () => {
  bench = await openWorkerBench()
  orchestrator = createMemoryOrchestrator(pending)
  const { apply } = orchestrator
  orchestrator.apply = async (input, signal) => ({ ...(await apply(input, signal)), endpoints: [endpoint] })
  bench.startWorker(orchestrator)
  const redis = { url: inject('redisUrl'), prefix: bench.prefix }
  server = await startServer({ redis, tasks: { enqueue: bench.tasks.enqueue } })
  writeFileSync(join(folder.path, 'class.yml'), template)
  writeFileSync(join(folder.path, 'students.csv'), 'name,clientId,STUDENT\nada,s-1,Ada\nbob,s-2,Bob\n')
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await bench[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

const run: Server['run'] = (args, options) =>
  server.run(['batch', ...args], { folder: folder.path, ...options })

/** Says how these systems come up, as soon as they are applied. */
async function bringUp(names: readonly string[], state: typeof ready | typeof broken): Promise<void> {
  for (const name of names) {
    const { identity } = await waitFor(
      `${name} to be applied`,
      () => [...orchestrator.running.values()].find((one) => one.identity.name === name),
      { intervalMs: 20, timeoutMs: 50_000 },
    )
    orchestrator.setState(identity.sid, 'web', state)
  }
}

describe('a class', () => {
  it('is started from a table, waited for, handed out as CSV, and stopped', async () => {
    const ended = await run(['create', '-f', 'class.yml', '--items', 'students.csv', '-n', 'course'], {
      during: () => bringUp(['ada', 'bob'], ready),
    })
    expect(ended).toMatchObject({ code: 0, stdout: 'course: 2 of 2 have started\n' })
    const [, id = ''] = /tycho batch items (\S+) --csv/.exec(ended.stderr) ?? []

    const [csv, one, shown, list] = await Promise.all([
      run(['items', id, '--csv']),
      run(['items', id, '--client-id', 's-2', '--terse']),
      run(['status', id]),
      run(['list']),
    ])
    expect(csv).toMatchObject({ code: 0, stderr: '' })
    const url = expect.stringMatching(/^http:\/\/node:30080\?token=[0-9a-f]{32}$/)
    expect(parse(csv.stdout, { columns: true })).toMatchObject([
      { name: 'ada', url, clientId: 's-1', status: 'succeeded' },
      { name: 'bob', url, clientId: 's-2', status: 'succeeded' },
    ])
    expect(one.stdout).toMatch(/^bob\tsucceeded\thttp:\S+\ts-2\n$/)
    expect(shown.stdout).toMatch(/^course {2}succeeded {2}since .*\n {2}id +\w{26}\n/)
    expect(list.stdout).toMatch(new RegExp(`^${id}  course +succeeded +2/2 +0 +\\d+[sm]$`, 'm'))

    expect(await run(['down', id])).toMatchObject({ code: 0, stdout: 'course is stopped\n' })
    expect((await server.store.works.system('alice', 'ada'))?.phase).toBe('stopped')
  })

  it('ends with 1 where some fail, says why, and tries those again', async () => {
    const ended = await run(['create', '-f', 'class.yml', '--count', '3', '-n', 'partly'], {
      during: async () => {
        await bringUp(['partly-0', 'partly-2'], ready)
        await bringUp(['partly-1'], broken)
      },
    })
    expect(ended).toMatchObject({ code: 1, stdout: 'partly: 2 of 3 have started\n' })
    expect(ended.stderr).toContain('partly: 1 of 3 have failed\n  partly-1  CRASH_LOOP: ')
    const [, id = ''] = /tycho batch retry (\S+)/.exec(ended.stderr) ?? []
    const again = await run(['retry', id, '--json'], { during: () => bringUp(['partly-1'], ready) })
    expect(again).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(again.stdout)).toMatchObject({ round: 2, counts: { succeeded: 3 } })
  })

  it('goes on after Ctrl-C, can be waited for again, and be canceled', async () => {
    const left = await run(['create', '-f', 'class.yml', '--count', '2', '-n', 'left'], {
      during: async (child, said) => {
        await waitFor('the progress', () => said.stderr.includes('Starting left: '), { intervalMs: 20 })
        child.kill('SIGINT')
      },
    })
    expect(left.code).toBe(130)
    const [, id = ''] = /"tycho batch status (\S+) --wait" shows it/.exec(left.stderr) ?? []
    expect(await run(['status', id, '--wait', '--timeout', '1'])).toMatchObject({ code: 4 })
    expect(await run(['cancel', id])).toMatchObject({ code: 0, stdout: 'left: 2 canceled\n' })
    expect(await run(['status', id, '--wait'])).toMatchObject({ code: 8 })
  })
})

describe('tycho batch create', () => {
  it('sends what it is asked with, and lists what it leaves out', async () => {
    const items = JSON.stringify([{}, { name: 'Not A Name' }])
    const args = [
      'create',
      '-f',
      'class.yml',
      '-n',
      'picky',
      '--items',
      '-',
      '--no-wait',
      '--concurrency',
      '7',
    ]
    const ended = await run([...args, '--on-invalid', 'skip', '--timeout', '77'], { input: items })
    expect(ended).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^picky is accepted as batch \w{26}: 1 systems\n$/),
      stderr: expect.stringContaining('left out items[1] Not A Name: INVALID_NAME: '),
    })
    const [, id = ''] = /batch (\w{26})/.exec(ended.stdout) ?? []
    expect(await server.store.batches.read(id)).toMatchObject({
      concurrency: 7,
      member: { timeoutMs: 77_000 },
    })
    const refused = await run(args, { input: items })
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toContain('INVALID_NAME items[1].name: ')
  })

  it('shows what is wrong with the template at its place', async () => {
    writeFileSync(join(folder.path, 'bad.yml'), 'services:\n  web:\n    imag: demo/hello\n')
    const ended = await run(['create', '-f', 'bad.yml', '--count', '2'])
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toContain('bad.yml:3:5: error UNKNOWN_KEY services.web.imag: ')
    expect(ended.stderr).toContain('\n        imag: demo/hello\n        ^\n')
  })
})

describe('bad input', () => {
  it('ends with 6 for a batch that is not there', async () => {
    const [document, csv] = await Promise.all([
      run(['down', 'nowhere', '--json']),
      run(['items', 'nowhere', '--csv']),
    ])
    expect(document).toMatchObject({ code: 6, stderr: '' })
    expect(JSON.parse(document.stdout)).toMatchObject({ error: { code: 'BATCH_NOT_FOUND' } })
    expect(csv).toMatchObject({ code: 6, stdout: '', stderr: expect.stringContaining('BATCH_NOT_FOUND') })
  })

  it.each([
    [['items', 'x', '--csv', '--terse'], 'do not go'],
    [['list', '--limit', '0'], 'at least 1'],
  ])('refuses %j with 2', async (args, words) => {
    expect(await run(args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(words) })
  })
})
