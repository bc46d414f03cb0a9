// `tycho batch prepare` as a user types it, against a real API; what a worker would see is told by the test.
import type { ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { failureLines, outcomeOf, preparationView } from '../../src/cli/batch/preparation-view.ts'
import type { Preparation } from '../../src/client/shapes.ts'
import { begun, ended, seen } from '../../src/jobs/preparation.ts'
import type { NodeImages, PullState } from '../../src/system/image-pull.ts'
import { hello } from '../api/kit.ts'
import { type Server, startServer, temporaryFolder } from './kit.ts'

type Look = { nodes: NodeImages[]; isSettled: boolean }

let server: Server
const folder = temporaryFolder()
/** What is seen as soon as somebody is told of a preparation. */
let looks: Look[] = []

const node = (name: string, state: PullState, message?: string): NodeImages => ({
  node: name,
  images: [
    { image: 'demo/hello', state, ...(message && { reason: { code: 'IMAGE_PULL_FAILED', message } }) },
  ],
})

/** As a worker would. */
async function carryOn(id: string): Promise<void> {
  const { preparations } = server.store
  await preparations.change(id, (found) => begun(found, Date.now()))
  for (const look of looks) await preparations.change(id, (found) => seen(found, { ...look, trouble: null }))
  await preparations.change(id, (found) => ended(found, Date.now()))
}

beforeAll(async () => {
  server = await startServer({ tasks: { prepareImages: carryOn } })
  writeFileSync(join(folder.path, 'hello.yml'), hello)
})

beforeEach(() => {
  looks = [{ nodes: [node('n1', 'present'), node('n2', 'present')], isSettled: true }]
})

afterAll(async () => {
  await server[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

const prepare = ['batch', 'prepare', '-f', 'hello.yml', '--count', '3']
const run = (args: readonly string[], during = async (_child: ChildProcess) => {}) =>
  server.run(args, { folder: folder.path, during })

describe('tycho batch prepare', () => {
  it('waits until the images are on the nodes', async () => {
    const ended = await run(prepare)
    expect(ended).toMatchObject({ code: 0, stdout: '1 image is on 2 nodes\n' })
  })

  it('says of each node what it could not get, and ends with 1', async () => {
    const message = "The image demo/hello can't be pulled: manifest unknown"
    looks = [{ nodes: [node('n1', 'present'), node('n2', 'failed', message)], isSettled: true }]
    const ended = await run(prepare)
    expect([ended.code, ended.stdout]).toEqual([1, ''])
    expect(ended.stderr).toContain(`n2  failed  demo/hello  ${message}\n`)
    expect(ended.stderr).toContain('failed: IMAGES_NOT_PREPARED: 1 of 2 images are on the nodes')
  })

  it('prints one document with --json', async () => {
    const ended = await run([...prepare, '--json'])
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(ended.stdout)).toMatchObject({ status: 'succeeded', images: ['demo/hello'] })
  })

  it('returns at once with --no-wait; what is under way is shown, and ended, by its id', async () => {
    looks = [{ nodes: [node('n1', 'pulling')], isSettled: false }]
    const accepted = await run([...prepare, '--no-wait', '--timeout', '90'])
    expect(accepted).toMatchObject({ code: 0, stderr: '' })
    const [, id = ''] = /^Preparing demo\/hello: (\w+) is (?:queued|running)\n$/.exec(accepted.stdout) ?? []
    expect((await server.store.preparations.get(id))?.timeoutMs).toBe(90_000)

    const followed = await run(['batch', 'prepare', '--follow', id], async (child) => {
      await new Promise((resolve) => child.stderr?.once('data', resolve))
      child.kill('SIGINT')
    })
    expect(followed.code).toBe(130)
    expect(followed.stderr).toContain('n1: 0/1 (pulling demo/hello)')
    expect(followed.stderr).toContain(
      `"tycho batch prepare --follow ${id}" shows it, "--cancel ${id}" ends it`,
    )

    const canceled = await run(['batch', 'prepare', '--cancel', id])
    expect(canceled).toMatchObject({ code: 0, stdout: `Preparing demo/hello: ${id} is canceled\n` })
    expect(await run(['batch', 'prepare', '--follow', id])).toMatchObject({ code: 8, stdout: '' })
  })

  it.each([
    [['-f', 'hello.yml'], 2, 'Say how many systems'],
    [['-f', 'hello.yml', '--follow', 'x'], 2, 'exclude each other'],
    [['--follow', 'x', '--cancel', 'y'], 2, 'exclude each other'],
    [['--follow', 'nowhere'], 6, 'PREPARATION_NOT_FOUND'],
    [['--cancel', 'nowhere'], 6, 'PREPARATION_NOT_FOUND'],
  ])('says what is wrong: %j', async (args, code, message) => {
    const ended = await run(['batch', 'prepare', ...args])
    expect(ended).toMatchObject({ code, stdout: '' })
    expect(ended.stderr).toContain(message)
  })
})

describe('images that are being pulled', () => {
  const plain = (_style: string, text: string) => text
  const preparation = (nodes: Preparation['nodes']): Preparation => ({
    id: 'p',
    href: '/v1/preparations/p',
    tenant: 'local',
    status: 'running',
    done: false,
    revision: 1,
    images: ['demo/hello'],
    nodes,
    counts: { nodes: nodes.length, present: 0, pulling: 0, failed: 0, unknown: 0 },
    progress: { percent: 0, message: 'some are there' },
    createdAt: '2026-01-01T00:00:00.000Z',
  })
  const two = preparation([node('n1', 'present'), node('node2', 'failed', 'no\nsuch image')])

  it('are a line for each node on a terminal, those that are not done first, and not more than fit', () => {
    expect(preparationView.live(two, 3, plain)).toEqual([
      'Preparing demo/hello (3 s) some are there',
      '  node2  0/1  failed  demo/hello: no such image',
      '  n1     1/1',
    ])
    const many = preparation(Array.from({ length: 40 }, (_, at) => node(`n${at}`, 'pulling')))
    const lines = preparationView.live(many, 0, plain)
    expect([lines.length, lines.at(-1)]).toEqual([17, '  … and 25 more nodes'])
  })

  it('are what has changed elsewhere', () => {
    const before = preparation([node('n1', 'pulling')])
    expect(preparationView.plain(null, before)).toEqual([
      'Preparing demo/hello: some are there',
      '  n1: 0/1 (pulling demo/hello)',
    ])
    expect(preparationView.plain(before, two)).toEqual([
      '  n1: 1/1',
      '  node2: 0/1 (failed demo/hello: no such image)',
    ])
  })

  it('that are not there are told node by node', () => {
    expect(failureLines(two, plain)).toEqual(['node2  failed  demo/hello  no such image'])
    expect(outcomeOf({ ...two, images: ['a', 'b'] })).toBe('2 images are on 2 nodes')
  })
})
