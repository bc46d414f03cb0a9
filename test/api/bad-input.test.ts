// Requests that can't be accepted: refused at once with every reason, and nothing is left behind.
import { describe, expect, it } from 'vitest'
import { hello, refused, start, type TestApi, testApi } from './kit.ts'

const post = (api: TestApi, payload: object | string, headers: Record<string, string> = {}) =>
  refused(api, { method: 'POST', url: '/v1/systems', payload, headers })

const service = (lines: string) => `services:\n  web:\n    image: demo/hello\n${lines}`

/** Nine levels of ten aliases each. */
const aliasBomb = `a: &a [x]\n${'bcdefghij'.replaceAll(/./g, (letter, at: number) => {
  const before = 'abcdefghi'.charAt(at)
  return `${letter}: &${letter} [${Array.from({ length: 10 }, () => `*${before}`).join(', ')}]\n`
})}services: *j\n`

type Row = { what: string; compose: string; code?: string; line: number; column: number; env?: object }

const invalidFiles: Row[] = [
  { what: 'what is not YAML', compose: 'services: [\n', line: 2, column: 1 },
  { what: 'an unknown key', compose: service('    imagee: x\n'), line: 4, column: 5 },
  { what: 'a wrong type', compose: service('    environment: 5\n'), line: 4, column: 5 },
  {
    what: 'a variable that must be there and is not',
    compose: 'services:\n  web:\n    image: "demo/${WHAT:?say what}"\n',
    line: 3,
    column: 5,
  },
  {
    what: 'a dependency cycle',
    compose: 'services:\n  a: { image: x, depends_on: [b] }\n  b: { image: x, depends_on: [a] }\n',
    line: 2,
    column: 3,
  },
  { what: 'a port out of range', compose: service('    ports:\n      - "70000"\n'), line: 5, column: 9 },
  {
    what: 'an image that is no reference',
    compose: 'services:\n  web:\n    image: "UPPER//x"\n',
    line: 3,
    column: 5,
  },
  {
    what: 'a key of the specification that is not supported yet',
    compose: service('    volumes: [x:/x]\n'),
    line: 4,
    column: 5,
  },
]

describe('a Compose file that can not be run', () => {
  it.each(invalidFiles)('$what: 422 with file, line and column', async ({ compose, line, column }) => {
    await using api = await testApi()
    const { status, body } = await post(api, { name: 'hello', compose })
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'INVALID_SYSTEM' })
    const [problem] = body.problems.filter((one) => one.severity === 'error')
    expect(problem).toMatchObject({ file: 'compose.yaml', line })
    expect(problem?.column).toBeGreaterThanOrEqual(column)
  })

  it('an alias bomb: 422 at once', async () => {
    await using api = await testApi()
    const { status, body } = await post(api, { compose: aliasBomb })
    expect(status).toBe(422)
    expect(body.problems[0]).toMatchObject({ severity: 'error', file: 'compose.yaml' })
  })

  it('JSON nested without end: 422 too', async () => {
    await using api = await testApi()
    const json = { 'content-type': 'application/json' }
    const { status } = await post(
      api,
      `{"compose":{"x-a":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`,
      json,
    )
    expect(status).toBe(422)
  })

  it('tells all problems at once', async () => {
    await using api = await testApi()
    const { body } = await post(api, { compose: service('    foo: 1\n    bar: 2\n    ports: ["0"]\n') })
    expect(body.problems.filter((one) => one.severity === 'error').map((one) => one.line)).toEqual([4, 5, 6])
  })

  it('in one of several files: the problem names which', async () => {
    await using api = await testApi()
    const { status, body } = await post(api, { compose: [hello, service('    foo: 1\n')] })
    expect(status).toBe(422)
    expect(body.problems[0]).toMatchObject({ code: 'UNKNOWN_KEY', file: 'compose[1]', line: 4 })
  })

  it('in a file that came with the request, or should have', async () => {
    await using api = await testApi()
    const asked = {
      compose: service('    env_file: [bad.env, none.env]\n'),
      files: { 'bad.env': 'A=1\nB C' },
    }
    const { status, body } = await post(api, asked)
    expect(status).toBe(422)
    expect(body.problems.map(({ code, file, line }) => [code, file, line])).toEqual([
      ['FILE_NOT_FOUND', 'compose.yaml', 4],
      ['INVALID_ENV_FILE', 'bad.env', 2],
    ])
  })

  it('what is said of single services is of services that there are, and of networks', async () => {
    await using api = await testApi()
    const services = { web: { clients: ['10.0.0.0/8', '::1/129', 'me'] }, nope: { exposure: 'clusterIP' } }
    const { status, body } = await post(api, { compose: hello, services })
    expect([status, body.code]).toEqual([400, 'INVALID_REQUEST'])
    expect(body.problems.map(({ path }) => path)).toEqual([
      'services.web.clients[1]',
      'services.web.clients[2]',
      'services.nope',
    ])
  })

  it('what only the compiler refuses has its place in the file too', async () => {
    await using api = await testApi()
    const { status, body } = await post(api, { compose: hello, exposure: 'ingress' })
    expect(status).toBe(422)
    expect(body.problems.find((one) => one.severity === 'error')).toMatchObject({
      file: 'compose.yaml',
      line: expect.any(Number),
    })
  })
})

describe('a Compose text over the limit', () => {
  const large = `${hello}# ${'x'.repeat(1024 * 1024)}\n`

  it('answers 413 and names the limit, as JSON and as YAML', async () => {
    await using api = await testApi()
    const yaml = { 'content-type': 'application/yaml' }
    for (const answer of [await post(api, { compose: large }), await post(api, large, yaml)]) {
      expect(answer).toMatchObject({ status: 413, body: { code: 'COMPOSE_TOO_LARGE' } })
      expect(answer.body.detail).toContain(String(1024 * 1024))
    }
  })

  it('answers 413 also when the body is too long to be read', async () => {
    await using api = await testApi()
    const answer = await post(api, { compose: 'x'.repeat(7 * 1024 * 1024) })
    expect(answer).toMatchObject({ status: 413, body: { code: 'COMPOSE_TOO_LARGE' } })
  })

  it('answers 413 for files over theirs, and names that limit', async () => {
    await using api = await testApi()
    const files = { a: 'x'.repeat(3 * 1024 * 1024), b: { base64: 'eHh4'.repeat(512 * 1024) } }
    const answer = await post(api, { compose: hello, files })
    expect(answer).toMatchObject({ status: 413, body: { code: 'FILES_TOO_LARGE' } })
    expect(answer.body.detail).toContain(String(4 * 1024 * 1024))
    const long = await post(api, { compose: hello, files: { a: 'x'.repeat(15 * 1024 * 1024) } })
    expect(long).toMatchObject({ status: 413, body: { code: 'BODY_TOO_LARGE' } })
  })

  it('takes a text just below it, however much JSON escapes', async () => {
    await using api = await testApi()
    const quotes = `${hello}# ${'"'.repeat(1024 * 1024 - hello.length - 3)}\n`
    expect(await start(api, { compose: quotes })).toMatchObject({ status: 'queued' })
  })
})

describe('a request that does not match its schema', () => {
  it('names every unknown field and every wrong one', async () => {
    await using api = await testApi()
    const { status, body } = await post(api, { compose: hello, foo: 1, retries: 'many', exposure: 'wide' })
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'INVALID_REQUEST' })
    expect(body.problems.map((one) => one.path).toSorted()).toEqual(['exposure', 'foo', 'retries'])
    expect(body.problems).toContainEqual(expect.objectContaining({ code: 'UNKNOWN_FIELD', path: 'foo' }))
  })

  it('neither form, both forms, and the short form without a name', async () => {
    await using api = await testApi()
    for (const payload of [
      {},
      { compose: hello, image: 'x' },
      { image: 'x' },
      { name: 'a', image: 'x', env: {} },
    ]) {
      expect(await post(api, payload)).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } })
    }
  })

  it('a name that is no label', async () => {
    await using api = await testApi()
    for (const name of ['Upper', 'under_score', '1st', 'x'.repeat(41), '-a', 'a-']) {
      const { status, body } = await post(api, { name, compose: hello })
      expect(status).toBe(400)
      expect(body.problems).toMatchObject([{ path: 'name' }])
    }
  })

  it('labels that Kubernetes would not take', async () => {
    await using api = await testApi()
    for (const labels of [{ '-x': 'a' }, { a: '?' }, { a: 'x'.repeat(64) }]) {
      expect(await post(api, { compose: hello, labels })).toMatchObject({ status: 400 })
    }
  })

  it('settings in the query beside a JSON body', async () => {
    await using api = await testApi()
    const answer = await refused(api, {
      method: 'POST',
      url: '/v1/systems?name=x',
      payload: { compose: hello },
    })
    expect(answer).toMatchObject({ status: 400, body: { problems: [{ path: 'name' }] } })
  })

  it('maps in the query of a YAML body that are none, or hold what they may not', async () => {
    await using api = await testApi()
    const headers = { 'content-type': 'application/yaml' }
    for (const [query, path] of [
      ['files=a.env', 'files'],
      ['files=["a.env"]', 'files'],
      ['files={"a.env":1}', 'files.a.env'],
      ['services={"web":{"port":80}}', 'services.web.port'],
      ['services={"web":{}}&services={"web":{}}', 'services'],
    ]) {
      const url = `/v1/systems?${query?.replaceAll(/[^&=]/g, encodeURIComponent)}`
      const { status, body } = await refused(api, { method: 'POST', url, headers, payload: hello })
      expect([status, body.code, body.problems[0]?.path], query).toEqual([400, 'INVALID_REQUEST', path])
    }
  })

  it('a body that is no JSON, or none', async () => {
    await using api = await testApi()
    const json = { 'content-type': 'application/json' }
    expect(await post(api, '{"compose', json)).toMatchObject({
      status: 400,
      body: { code: 'MALFORMED_BODY' },
    })
    expect(await refused(api, { method: 'POST', url: '/v1/systems' })).toMatchObject({ status: 400 })
  })

  it('a file that is not UTF-8', async () => {
    await using api = await testApi()
    const answer = await refused(api, {
      method: 'POST',
      url: '/v1/systems',
      headers: { 'content-type': 'application/yaml' },
      payload: Buffer.from([0xff, 0xfe]),
    })
    expect(answer).toMatchObject({ status: 400, body: { code: 'MALFORMED_BODY' } })
  })

  it('a media type that a page of the web may send without asking: 415', async () => {
    await using api = await testApi()
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const answer = await post(api, 'compose=x', { 'content-type': type })
      expect(answer).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } })
    }
  })

  it('a Compose file where the route takes none as it is: 415, which says what it takes', async () => {
    await using api = await testApi()
    const headers = { 'content-type': 'application/yaml' }
    for (const url of ['/v1/batches', '/v1/tokens', '/v1/webhooks']) {
      const answer = await refused(api, { method: 'POST', url, headers, payload: hello })
      expect(answer).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } })
      expect(answer.body.detail).toMatch(/send application\/json$/)
    }
    const other = await post(api, 'compose=x', { 'content-type': 'text/plain' })
    expect(other.body.detail).toMatch(/send application\/json or application\/yaml$/)
  })

  it('unknown and wrong query parameters', async () => {
    await using api = await testApi()
    for (const url of [
      '/v1/systems?foo=1',
      '/v1/systems?pageSize=0',
      '/v1/systems?phase=odd',
      '/v1/jobs?status=x',
    ]) {
      expect(await refused(api, { method: 'GET', url })).toMatchObject({ status: 400 })
    }
  })

  it('a page token of another list', async () => {
    await using api = await testApi()
    const answer = await refused(api, { method: 'GET', url: '/v1/jobs?pageToken=c3lzdGVtczp4' })
    expect(answer).toMatchObject({ status: 400, body: { code: 'INVALID_PAGE_TOKEN' } })
  })

  it('a URL that can not be decoded', async () => {
    await using api = await testApi()
    const answer = await refused(api, { method: 'GET', url: '/v1/jobs/%ff' })
    expect(answer).toMatchObject({ status: 400, body: { code: 'MALFORMED_URL' } })
  })
})

describe('a name that is taken', () => {
  it('answers 409 and names the holder', async () => {
    await using api = await testApi()
    await start(api, { name: 'hello', compose: hello })
    const { status, body } = await post(api, { name: 'hello', compose: hello })
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'NAME_TAKEN' })
    expect(body.detail).toContain('hello')
  })

  it("does not tell the name of another tenant's system", async () => {
    await using api = await testApi()
    await api.redis.hset(`${api.prefix}:names:default`, 'hello-web', 'bob/secret-plan')
    const { status, body } = await post(api, { name: 'hello', compose: hello })
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'NAME_TAKEN' })
    expect(JSON.stringify(body)).not.toContain('secret-plan')
    expect(body.detail).toContain('hello-web')
  })
})
