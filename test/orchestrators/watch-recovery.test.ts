import { copyFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { kindsOfIncarnation } from '../../src/orchestrators/kubernetes/cluster/kinds.ts'
import {
  createKubernetesOrchestrator,
  type KubernetesOrchestrator,
} from '../../src/orchestrators/kubernetes/orchestrator.ts'
import type { Observation } from '../../src/orchestrators/orchestrator.ts'
import { type ApiServer, type Call, json, startApiServer } from '../kit/api-server.ts'
import { waitFor } from '../kit/wait.ts'

const timings = { backoff: { firstMs: 5, longestMs: 20 }, silenceMs: 60_000, lifeSeconds: 300 }
const warnings: string[] = []
const infos: string[] = []
const log = {
  debug() {},
  info: (_: object, message: string) => infos.push(message),
  error() {},
  warn: (_: object, message: string) => warnings.push(message),
}

let server: ApiServer
let orchestrator: KubernetesOrchestrator
let stop: AbortController
let told: Observation[]
let observing: Promise<void>
/** Open watches of pods, newest last. */
let watches: ServerResponse[]
let pods: object[]
let version: number

const pod = (name: string, phase = 'Pending') => ({
  metadata: {
    name,
    uid: `uid-${name}`,
    namespace: 'class',
    resourceVersion: `${version}`,
    labels: {
      'tycho.io/sid': 'sid1',
      'tycho.io/system': 'demo',
      'tycho.io/service': 'web',
      'tycho.io/tenant': 't',
    },
  },
  status: { phase },
})

function answer(call: Call, response: ServerResponse): void {
  if (!call.query.has('watch')) {
    const items = call.path.endsWith('/pods') ? pods : []
    json(response, 200, { metadata: { resourceVersion: `${version}` }, items })
    return
  }
  response.writeHead(200, { 'content-type': 'application/json' })
  response.flushHeaders()
  if (call.path.endsWith('/pods')) watches.push(response)
}

function send(type: string, object: object): void {
  watches.at(-1)?.write(`${JSON.stringify({ type, object })}\n`)
}

const listsOfPods = () =>
  server.calls.filter(({ path, query }) => path.endsWith('/pods') && !query.has('watch'))
const watchesOfPods = () =>
  server.calls.filter(({ path, query }) => path.endsWith('/pods') && query.has('watch'))
const remaining = () => told.flatMap((one) => (one.type === 'system' ? [one.remaining] : [])).at(-1)

async function toldOf(names: string[]): Promise<void> {
  const subjects = names.map((name) => `Pod/${name}`)
  await waitFor(`word of ${names}`, () => JSON.stringify(remaining()) === JSON.stringify(subjects), {
    intervalMs: 5,
  })
}

const watchOpen = (count: number) =>
  waitFor(`watch ${count}`, () => watches.length >= count, { intervalMs: 5 })

/** Each kind's watch was asked for so many times. */
async function allWatchesOpen(count: number): Promise<void> {
  const asked = (plural: string) =>
    server.calls.filter(({ path, query }) => path.endsWith(`/${plural}`) && query.has('watch')).length
  await waitFor(
    `${count} watches of each kind`,
    () => kindsOfIncarnation.every(({ plural }) => asked(plural) >= count),
    { intervalMs: 5 },
  )
}

async function start(more: Partial<typeof timings> = {}): Promise<void> {
  orchestrator = createKubernetesOrchestrator({
    kubeconfig: { paths: [server.kubeconfig] },
    timings: { ...timings, ...more },
    log,
  })
  observing = (async () => {
    for await (const observation of orchestrator.observe(stop.signal)) told.push(observation)
  })()
}

beforeEach(async () => {
  version = 1
  told = []
  watches = []
  warnings.length = 0
  infos.length = 0
  stop = new AbortController()
  pods = [pod('one')]
  server = await startApiServer(answer)
})

afterEach(async () => {
  stop.abort()
  await observing
  await orchestrator.close()
  await server[Symbol.asyncDispose]()
})

describe('the observation of a cluster', () => {
  it('tells what exists, then that this was all, then each change', async () => {
    await start()
    await waitFor('synced', () => told.some(({ type }) => type === 'synced'), { intervalMs: 5 })
    expect(told.map(({ type }) => type)).toEqual(['system', 'synced'])
    await watchOpen(1)
    send('ADDED', pod('two'))
    await toldOf(['one', 'two'])
    send('DELETED', pod('one'))
    await toldOf(['two'])
    send('DELETED', pod('two'))
    await toldOf([])
    expect(told.at(-1)).toMatchObject({
      services: {},
      identity: { name: 'demo', sid: 'sid1', namespace: 'class' },
    })
  })

  it('says nothing when nothing that counts has changed', async () => {
    await start()
    await watchOpen(1)
    await toldOf(['one'])
    const count = told.length
    version = 2
    send('MODIFIED', pod('one'))
    send('BOOKMARK', { metadata: { resourceVersion: '3' } })
    send('ADDED', pod('two'))
    await toldOf(['one', 'two'])
    expect(told.length).toBe(count + 1)
  })

  it('goes on from the last version when the server ends the watch or the connection breaks', async () => {
    await start()
    await watchOpen(1)
    send('BOOKMARK', { metadata: { resourceVersion: '41' } })
    watches.at(-1)?.end()
    await watchOpen(2)
    version = 42
    send('ADDED', pod('two'))
    await toldOf(['one', 'two'])
    watches.at(-1)?.destroy()
    await watchOpen(3)
    version = 43
    send('ADDED', pod('three'))
    await toldOf(['one', 'three', 'two'])
    expect(watchesOfPods().map(({ query }) => query.get('resourceVersion'))).toEqual(['1', '41', '42'])
    expect(listsOfPods()).toHaveLength(1)
  })

  it('lists again when the server has forgotten the version, and tells what is gone', async () => {
    await start()
    await watchOpen(1)
    await toldOf(['one'])
    version = 90
    pods = [pod('two')]
    send('ERROR', {
      kind: 'Status',
      code: 410,
      reason: 'Expired',
      message: 'too old resource version: 1 (90)',
    })
    await toldOf(['two'])
    expect(listsOfPods()).toHaveLength(2)
  })

  it('opens a watch anew that has gone silent, and takes it for well only when it speaks', async () => {
    await start({ silenceMs: 300 })
    await allWatchesOpen(2)
    send('ADDED', pod('two'))
    await toldOf(['one', 'two'])
    await allWatchesOpen(4)
    expect(warnings.map((warning) => /went silent/.test(warning))).toEqual([true])
    expect(infos.filter((info) => /observed again/.test(info))).toEqual([])
  })

  it('warns once of watches that can not be opened, however often it tries', async () => {
    server.answer = (call, response) =>
      call.query.has('watch') ? json(response, 500, { message: 'etcd is away' }) : answer(call, response)
    await start()
    await allWatchesOpen(4)
    expect(warnings).toHaveLength(1)
    server.answer = answer
    await waitFor('word that all is well', () => infos.some((info) => /observed again/.test(info)), {
      intervalMs: 5,
    })
    expect(warnings).toHaveLength(1)
  })

  it('lists again when the server refuses to watch from a version that it has forgotten', async () => {
    await start()
    await watchOpen(1)
    await toldOf(['one'])
    version = 90
    pods = [pod('two')]
    server.answer = (call, response) =>
      call.query.get('resourceVersion') === '1'
        ? json(response, 410, { reason: 'Expired', message: 'too old resource version: 1 (90)' })
        : answer(call, response)
    watches.at(-1)?.destroy()
    await toldOf(['two'])
    expect(listsOfPods()).toHaveLength(2)
  })

  it('loses no word that comes in pieces', async () => {
    await start()
    await watchOpen(1)
    const line = Buffer.from(`${JSON.stringify({ type: 'ADDED', object: pod('zwölf') })}\n`)
    const middle = line.indexOf('ö') + 1
    watches.at(-1)?.write(line.subarray(0, middle))
    await new Promise((resolve) => setImmediate(resolve))
    watches.at(-1)?.write(line.subarray(middle))
    await toldOf(['one', 'zwölf'])
  })

  it('survives refusals and warns once', async () => {
    server.answer = (_call, response) => json(response, 500, { message: 'etcd is away' })
    await start()
    await waitFor('several attempts', () => server.calls.length > 5, { intervalMs: 5 })
    expect(warnings).toHaveLength(1)
    server.answer = answer
    await toldOf(['one'])
  })

  it('lists again when its kubeconfig leads to another cluster', async () => {
    await using other = await startApiServer((call, response) => {
      if (call.query.has('watch')) {
        response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
        return
      }
      const items = call.path.endsWith('/pods') ? [pod('elsewhere')] : []
      json(response, 200, { metadata: { resourceVersion: '1' }, items })
    })
    await start({ silenceMs: 300 })
    await watchOpen(1)
    await toldOf(['one'])
    copyFileSync(other.kubeconfig, server.kubeconfig)
    await toldOf(['elsewhere'])
  })

  it('does without events where they may not be read, and says so', async () => {
    server.answer = (call, response) =>
      call.path.endsWith('/events')
        ? json(response, 403, { reason: 'Forbidden', message: 'events is forbidden' })
        : answer(call, response)
    await start()
    await toldOf(['one'])
    await waitFor('word of it', () => infos.some((info) => /events may not be read/.test(info)), {
      intervalMs: 5,
    })
    expect(warnings).toEqual([])
  })

  it('is bound to its namespaces where it may not see all', async () => {
    server.answer = (call, response) => {
      if (call.path === '/version' || call.path.includes('/namespaces/')) answer(call, response)
      else json(response, 403, { reason: 'Forbidden', message: 'deployments.apps is forbidden' })
    }
    orchestrator = createKubernetesOrchestrator({
      kubeconfig: { paths: [server.kubeconfig] },
      namespaces: ['class', 'lab'],
      timings,
      log,
    })
    observing = (async () => {
      for await (const observation of orchestrator.observe(stop.signal)) told.push(observation)
    })()
    await waitFor('synced', () => told.some(({ type }) => type === 'synced'), { intervalMs: 5 })
    const paths = new Set(listsOfPods().map(({ path }) => path))
    expect(paths).toEqual(new Set(['/api/v1/namespaces/class/pods', '/api/v1/namespaces/lab/pods']))
    expect(told.filter(({ type }) => type === 'synced')).toHaveLength(1)
  })
})
