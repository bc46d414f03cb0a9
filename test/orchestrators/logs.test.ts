// Logs from a cluster that breaks connections, restarts containers and replaces pods.
import type { ServerResponse } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createKubernetesOrchestrator } from '../../src/orchestrators/kubernetes/orchestrator.ts'
import type { LogLine, LogOptions } from '../../src/orchestrators/orchestrator.ts'
import { createLane } from '../../src/orchestrators/shared/lane.ts'
import { longestLineBytes, parseLogLines } from '../../src/orchestrators/shared/log-lines.ts'
import { mergeByTime } from '../../src/orchestrators/shared/merge-lines.ts'
import { type Answer, type Call, json, startApiServer } from '../kit/api-server.ts'
import { waitFor } from '../kit/wait.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }
const identity = { tenant: 't', namespace: 'class', name: 'demo', sid: 'sid1' }
const timings = { backoff: { firstMs: 10, longestMs: 20 }, silenceMs: 60_000, lifeSeconds: 300 }
const once: LogOptions = { service: null, tail: null, since: null, follow: null }

const at = (second: number, fraction = '') => `2026-01-01T00:00:0${second}${fraction}Z`

type PodOptions = { service?: string; restarts?: number; isRunning?: boolean }

function pod(name: string, { service = 'web', restarts = 0, isRunning = true }: PodOptions = {}) {
  const state = isRunning ? { running: {} } : { terminated: { exitCode: 0 } }
  return {
    metadata: {
      name: `demo-${name}`,
      uid: name,
      namespace: 'class',
      resourceVersion: '1',
      labels: { 'tycho.io/sid': 'sid1', 'tycho.io/service': service, 'tycho.io/system': 'demo' },
    },
    spec: { containers: [{ name: 'main' }] },
    status: {
      phase: 'Running',
      containerStatuses: [
        { name: 'main', restartCount: restarts, containerID: `docker://${name}${restarts}`, state },
      ],
    },
  }
}

type Cluster = {
  pods: object[]
  /** Answers the request for the log of a pod, by its name. */
  logs: Record<string, (call: Call, response: ServerResponse) => void>
  watches: ServerResponse[]
}

const tell = ({ watches }: Cluster, type: string, object: object) => {
  for (const watch of watches) watch.write(`${JSON.stringify({ type, object })}\n`)
}

function answering(cluster: Cluster): Answer {
  return (call, response) => {
    const name = /pods\/demo-([a-z0-9]+)\/log$/.exec(call.path)?.[1]
    const own = name === undefined ? undefined : cluster.logs[name]
    if (own) return own(call, response)
    if (name !== undefined) return json(response, 404, { message: 'not found' })
    if (!call.query.has('watch'))
      return json(response, 200, { metadata: { resourceVersion: '1' }, items: cluster.pods })
    cluster.watches.push(response)
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders()
  }
}

async function open(cluster: Partial<Cluster>) {
  const all: Cluster = { pods: [], logs: {}, watches: [], ...cluster }
  const server = await startApiServer(answering(all))
  const orchestrator = createKubernetesOrchestrator({
    kubeconfig: { paths: [server.kubeconfig] },
    log,
    timings,
  })
  const ending = new AbortController()
  const lines: string[] = []
  let over: Promise<void> = Promise.resolve()
  return {
    cluster: all,
    server,
    lines,
    logs: (options: LogOptions) => orchestrator.logs(identity, options, ending.signal),
    /** Reads on in the background. */
    async follow(options: Partial<LogOptions> = {}, last = new AbortController().signal) {
      const told = await orchestrator.logs(identity, { ...once, ...options, follow: { last } }, ending.signal)
      const read = async () => {
        for await (const { text } of told ?? []) lines.push(text)
      }
      over = read()
    },
    said: (count: number) => waitFor('the lines', async () => lines.length >= count),
    async [Symbol.asyncDispose]() {
      ending.abort()
      await over
      await orchestrator.close()
      await server[Symbol.asyncDispose]()
    },
  }
}

const text = (lines: string[]) => (_call: Call, response: ServerResponse) => {
  response.writeHead(200).end(lines.map((line) => `${line}\n`).join(''))
}

async function all(lines: AsyncIterable<LogLine> | null): Promise<string[]> {
  const found: string[] = []
  for await (const { service, copy, text } of lines ?? []) found.push(`${service}/${copy} ${text}`)
  return found
}

describe('logs that are read once', () => {
  it('come from all containers in the order of time', async () => {
    await using opened = await open({
      pods: [pod('a'), pod('b', { service: 'db' })],
      logs: {
        a: text([`${at(1)} one`, `${at(3)} three`]),
        b: text([`${at(2)} two`, `${at(2, '.5')} two and a half`]),
      },
    })
    expect(await all(await opened.logs(once))).toEqual([
      'web/a one',
      'db/b two',
      'db/b two and a half',
      'web/a three',
    ])
    expect(await all(await opened.logs({ ...once, service: 'db' }))).toHaveLength(2)
  })

  it('ask for what is wanted, and leave out what is earlier in the first second', async () => {
    const early = [`${at(1, '.1')} early`, `${at(1, '.7')} late`]
    await using opened = await open({ pods: [pod('a')], logs: { a: text(early) } })
    const since = Date.parse(at(1, '.5'))
    expect(await all(await opened.logs({ ...once, tail: 5, since }))).toEqual(['web/a late'])
    const { query } = opened.server.calls.at(-1) ?? {}
    expect(Object.fromEntries(query ?? [])).toEqual({
      container: 'main',
      timestamps: 'true',
      tailLines: '5',
      sinceTime: at(1),
    })
  })

  it('are none where no container has run, and go without one that is gone', async () => {
    await using opened = await open({})
    expect(await opened.logs(once)).toBeNull()
    opened.cluster.pods = [pod('a'), pod('gone')]
    opened.cluster.logs = { a: text([`${at(1)} here`]) }
    expect(await all(await opened.logs(once))).toEqual(['web/a here'])
  })

  it.each([null, { last: new AbortController().signal }])(
    'are refused before the first line (%o)',
    async (follow) => {
      await using opened = await open({
        pods: [pod('a')],
        logs: { a: (_call, response) => json(response, 403, { message: 'pods "a" is forbidden' }) },
      })
      await expect(opened.logs({ ...once, follow })).rejects.toMatchObject({ code: 'FORBIDDEN', status: 403 })
    },
  )
})

describe('logs that are followed', () => {
  it('go on after a broken connection, and tell no line twice', async () => {
    const requests: (string | null)[] = []
    await using opened = await open({
      pods: [pod('a')],
      logs: {
        a: ({ query }, response) => {
          if (!query.has('follow')) return void response.writeHead(200).end()
          requests.push(query.get('sinceTime'))
          const before = [`${at(1)} one`, `${at(2, '.1')} two`, `${at(2, '.1')} two`]
          const after = [...before.slice(1), `${at(2, '.1')} two again`, `${at(3)} three`]
          response.writeHead(200)
          response.write((requests.length === 1 ? before : after).map((line) => `${line}\n`).join(''), () => {
            if (requests.length === 1) response.destroy()
          })
        },
      },
    })
    await opened.follow()
    await opened.said(5)
    expect(opened.lines).toEqual(['one', 'two', 'two', 'two again', 'three'])
    expect(requests).toEqual([null, at(2)])
  })

  it('go on with the next run of a container, and with a new pod from its beginning', async () => {
    let runs = 0
    await using opened = await open({
      pods: [pod('a', { isRunning: true })],
      logs: {
        a: ({ query }, response) => {
          if (query.has('follow')) runs += 1
          text(runs <= 1 ? [`${at(1)} first run`] : [`${at(2)} second run`])({} as Call, response)
        },
        b: ({ query }, response) => {
          expect(query.has('tailLines')).toBe(false)
          response.writeHead(200).write(`${at(3)} new pod\n`)
        },
      },
    })
    await opened.follow({ tail: 10 })
    await waitFor('a watch', async () => opened.cluster.watches.length > 0)
    await opened.said(1)
    tell(opened.cluster, 'MODIFIED', pod('a', { restarts: 1 }))
    await opened.said(2)
    tell(opened.cluster, 'DELETED', pod('a', { restarts: 1 }))
    tell(opened.cluster, 'ADDED', pod('b'))
    await opened.said(3)
    expect(opened.lines).toEqual(['first run', 'second run', 'new pod'])
  })

  it('end, when nothing new is looked for, with what the last containers have said', async () => {
    const last = new AbortController()
    await using opened = await open({ pods: [], logs: { a: text([`${at(1)} the end`]) } })
    const begun = Promise.withResolvers<void>()
    const read = async () => {
      const lines = await opened.logs({ ...once, follow: { last: last.signal } })
      begun.resolve()
      return all(lines)
    }
    const told = read()
    await begun.promise
    opened.cluster.pods = [pod('a', { isRunning: false })]
    last.abort()
    expect(await told).toEqual(['web/a the end'])
  })

  it('hold back whoever speaks faster than is read', async () => {
    const lane = createLane<number>()
    let put = 0
    const speak = async () => {
      for (; put < 100; put += 1) await lane.put(put)
      lane.close()
    }
    const spoken = speak()
    const heard: number[] = []
    for await (const one of lane) {
      heard.push(one)
      expect(put).toBeLessThanOrEqual(heard.length)
    }
    await spoken
    expect(heard).toHaveLength(100)
  })
})

describe('a log', () => {
  const parsed = async (...chunks: (string | Buffer)[]) => {
    const found: string[] = []
    const bytes = async function* () {
      for (const chunk of chunks) yield Buffer.from(chunk)
    }
    for await (const { text } of parseLogLines(bytes())) found.push(text)
    return found
  }

  it('has whole characters, whatever the chunks', async () => {
    const bytes = Buffer.from(`${at(1)} grüße\n${at(2)} zwei\r\n${at(3)} open`)
    const chunks = [...bytes].map((byte) => Buffer.from([byte]))
    expect(await parsed(...chunks)).toEqual(['grüße', 'zwei', 'open'])
  })

  it('keeps no more of a line than it may have', async () => {
    const [first, second] = await parsed(
      `${at(1)} `,
      ...Array(40).fill('x'.repeat(10_000)),
      `\n${at(2)} next\n`,
    )
    expect(first?.length).toBeLessThanOrEqual(longestLineBytes)
    expect(second).toBe('next')
  })

  it('leaves out what has no time', async () => {
    expect(await parsed('unable to retrieve container logs\n', `${at(1)} line\n`)).toEqual(['line'])
  })

  it('ends its sources when the reader of several ends', async () => {
    let ended = 0
    const source = async function* () {
      try {
        for (let one = 0n; ; one += 1n) yield { at: one }
      } finally {
        ended += 1
      }
    }
    for await (const { at: time } of mergeByTime([source(), source()])) if (time > 3n) break
    expect(ended).toBe(2)
  })
})
