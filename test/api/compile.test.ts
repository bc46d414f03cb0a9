// POST /v1/compile: what a file would become, and nothing is stored, queued or run.
import { loadAll } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import type { CompileAnswer } from '../../src/api/schemas/compile.ts'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import { assumedFacts } from '../../src/orchestrators/kubernetes/facts.ts'
import { UnavailableError } from '../../src/problem.ts'
import { hello, refused, send, start, testApi } from './kit.ts'

const url = '/v1/compile'
const post = (payload: object | string, headers = {}, query = '') =>
  ({ method: 'POST', url: `${url}${query}`, payload, headers }) as const
const kinds = (manifests: Record<string, unknown>[]) => manifests.map(({ kind }) => kind)

describe('POST /v1/compile', () => {
  it('answers the objects and the remarks, and leaves nothing behind', async () => {
    await using api = await testApi()
    const before = await api.keyCount()
    const { status, body } = await send<CompileAnswer>(api, post({ name: 'demo', compose: hello }))
    expect(status).toBe(200)
    expect(kinds(body.manifests)).toEqual(['Deployment', 'Service'])
    expect(body.manifests[0]).toMatchObject({ metadata: { name: 'demo-web', namespace: 'default' } })
    expect(body.problems.every(({ severity }) => severity !== 'error')).toBe(true)
    expect([await api.keyCount(), api.enqueued]).toEqual([before, []])
  })

  it('answers one YAML file of many documents, with the remarks at its head', async () => {
    await using api = await testApi()
    const file = 'services: {web: {image: demo/hello, ports: ["127.0.0.1:80:80", "81"]}}'
    const headers = { accept: 'application/yaml', 'content-type': 'application/yaml' }
    const answer = await api.app.inject(post(file, headers, '?name=demo'))
    expect(answer.headers['content-type']).toMatch(/^application\/yaml/)
    expect(answer.body).toMatch(/^# info PORT_NOT_EXPOSED services\.web\.ports\[0\]: /)
    expect(kinds(loadAll(answer.body) as Record<string, unknown>[])).toEqual(['Deployment', 'Service'])
  })

  it('takes the short form of one container, and the exposure', async () => {
    await using api = await testApi()
    const short = { name: 'one', image: 'demo/hello', ports: [80], exposure: 'loadBalancer' }
    const { body } = await send<CompileAnswer>(api, post(short))
    expect(body.manifests[1]).toMatchObject({ spec: { type: 'LoadBalancer' } })
  })

  it('shows what an update of a running system would apply', async () => {
    await using api = await testApi()
    const job = await start(api, { name: 'demo', compose: hello })
    const { body } = await send<CompileAnswer>(api, post({ name: 'demo', compose: hello }))
    expect(body.manifests[0]).toMatchObject({ metadata: { labels: { 'tycho.io/sid': job.system.sid } } })
  })

  it('refuses what can not be run with every place', async () => {
    await using api = await testApi()
    const compose = 'services:\n  web:\n    image: a\n    pid: host\n    privileged: true\n'
    const { status, body } = await refused(api, post({ compose }))
    expect([status, body.code]).toEqual([422, 'INVALID_SYSTEM'])
    const errors = body.problems?.filter(({ severity }) => severity === 'error') ?? []
    expect(errors.map(({ path, line }) => [path, line]).sort()).toEqual([
      ['services.web.pid', 4],
      ['services.web.privileged', 5],
    ])
  })
})

it('POST /v1/compile takes what a start does, but has nothing to wait for', async () => {
  await using api = await testApi()
  const asked = { compose: hello, ttlSeconds: 60, callbackUrl: 'https://portal.example.org/' }
  expect(await send(api, post(asked))).toMatchObject({ status: 200 })
  const { status, body } = await refused(api, post(asked, {}, '?wait=1'))
  expect([status, body.problems]).toMatchObject([400, [{ code: 'UNKNOWN_FIELD', path: 'wait' }]])
})

describe('POST /v1/compile?dryRun=server', () => {
  it("adds the cluster's refusals, each at its line", async () => {
    const path = 'services.web.ports'
    const refusal = { code: 'OBJECT_INVALID', severity: 'error', path, message: 'no' } as const
    const asked: unknown[] = []
    const reading = {
      facts: async () => assumedFacts,
      dryRun: async (...[, stages]: [unknown, unknown[], unknown]) => {
        asked.push(...stages)
        return [refusal]
      },
    }
    await using api = await testApi({ reading, compile: (input) => compile(input) })
    const { status, body } = await send<CompileAnswer>(api, post({ compose: hello }, {}, '?dryRun=server'))
    expect([status, asked.length]).toEqual([200, 1])
    expect(body.problems).toContainEqual({ ...refusal, file: 'compose.yaml', line: 4, column: 5 })
  })

  it('is answered 503 without a cluster', async () => {
    const away = async () => {
      throw new UnavailableError('CLUSTER_UNREACHABLE', 'the cluster does not answer')
    }
    await using api = await testApi({ reading: { facts: away, dryRun: away } })
    const { status, headers, body } = await send(api, post({ compose: hello }, {}, '?dryRun=server'))
    expect([status, headers['retry-after']]).toEqual([503, '5'])
    expect(body).toMatchObject({ code: 'CLUSTER_UNREACHABLE' })
  })

  it('refuses another verdict to ask for', async () => {
    await using api = await testApi()
    expect(await refused(api, post({ compose: hello }, {}, '?dryRun=client'))).toMatchObject({ status: 400 })
  })
})
