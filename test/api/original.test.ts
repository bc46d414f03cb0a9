// The three endpoints of the original Tycho, as its clients use them.
import { describe, expect, it } from 'vitest'
import type { SystemStatus } from '../../src/api/schemas/original.ts'
import type { Job } from '../../src/jobs/job.ts'
import { compile } from '../../src/orchestrators/kubernetes/compile/compile.ts'
import type { CompileInput } from '../../src/orchestrators/orchestrator.ts'
import { DEFAULT_POLICY } from '../../src/system/policy.ts'
import type { SystemSpec } from '../../src/system/spec.ts'
import { apply, endpoint, fail, finish, send, type TestApi, type TestApiOptions, testApi } from './kit.ts'

type Envelope<T> = { status: string; result: T; message: string }
type Started = { name: string; sid: string; containers: object; conn_string: string }
type Failed = { error: string; code: string; problems: { path: string }[] }

const system = { version: '3', services: { web: { image: 'demo/hello', ports: ['80'] } } }

/** An API whose jobs are done as soon as they are enqueued. */
async function quickApi(options: TestApiOptions = {}): Promise<TestApi> {
  const ends: { now?: (id: string) => Promise<void> } = {}
  const api = await testApi({ tasks: { enqueue: async ({ id }) => ends.now?.(id) }, ...options })
  ends.now = (id) => finish(api, id, [endpoint, { ...endpoint, containerPort: 81, port: 30081, url: null }])
  return api
}

const post = <T>(api: TestApi, path: string, payload: object, headers: Record<string, string> = {}) =>
  send<Envelope<T>>(api, { method: 'POST', url: `/system/${path}`, payload, headers })

async function specOf(api: TestApi, name: string): Promise<SystemSpec | undefined> {
  const record = await api.store.works.system('alice', name)
  return (await api.store.contents.get<{ spec: SystemSpec }>(record?.spec ?? ''))?.spec
}

describe('/system/start', () => {
  it('waits for the system and answers its ports in the envelope', async () => {
    await using api = await quickApi()
    const { status, body } = await post<Started>(api, 'start', { name: 'hello', system })
    expect(status).toBe(200)
    expect(body).toEqual({
      status: 'success',
      result: {
        name: 'hello',
        sid: expect.stringMatching(/^[0-9a-f]{32}$/),
        containers: { web: { port: 30080, 'port-1': 30081, ip_address: '127.0.0.1' } },
        conn_string: 'http://127.0.0.1:30080',
      },
      message: 'Started system hello',
    })
  })

  it('starts the same file again under a name with a suffix', async () => {
    await using api = await quickApi()
    await post(api, 'start', { name: 'hello', system })
    const { body } = await post<Started>(api, 'start', { name: 'hello', system })
    expect(body.result.name).toMatch(/^hello-[a-z0-9]{5}$/)
    expect(body.message).toBe(`Started system ${body.result.name}`)
  })

  it('takes a list of containers, in every form that its clients sent', async () => {
    await using api = await quickApi()
    const containers = [
      {
        name: 'hello-c',
        image: 'demo/hello',
        command: ['run', '--home=$HOME'],
        env: [{ name: 'A', value: '$1' }, 'B=2'],
        limits: [{ cpus: '0.5', memory: '64M' }],
        ports: [{ containerPort: 80 }],
      },
      {
        name: 'side',
        image: 'demo/side',
        command: [],
        env: { C: 3 },
        limits: { cpus: 1 },
        ports: [8080, '9090'],
      },
      { name: 'bare', image: 'demo/bare', command: null, env: null, limits: null, ports: null },
    ]
    expect((await post(api, 'start', { name: 'many', containers })).status).toBe(200)
    expect((await specOf(api, 'many'))?.services).toMatchObject({
      'hello-c': {
        entrypoint: ['run', '--home=$HOME'],
        environment: { A: '$1', B: '2' },
        resources: { limits: { cpus: 0.5, memoryBytes: 64 * 1024 * 1024 } },
        ports: [{ target: 80 }],
      },
      side: { entrypoint: null, environment: { C: '3' }, ports: [{ target: 8080 }, { target: 9090 }] },
      bare: { entrypoint: null, environment: {}, ports: [] },
    })
  })

  it('fills variables from env, and remembers for whom', async () => {
    await using api = await quickApi()
    await post(api, 'start', {
      name: 'hello',
      system: { services: { web: { image: 'demo/${WHAT}' } } },
      env: { WHAT: 'hello', N: 5, NONE: null },
      principal: '{"username": "ada"}',
      services: { web: { port: '80', clients: [] } },
    })
    expect((await specOf(api, 'hello'))?.services.web).toMatchObject({
      image: 'demo/hello',
      ports: [{ target: 80 }],
    })
    expect(await api.store.works.system('alice', 'hello')).toMatchObject({ principal: 'ada' })
  })

  it('lets in the clients that it names alone', async () => {
    await using api = await quickApi()
    const clients = ['10.1.2.0/24', '192.0.2.7']
    const asked = { name: 'hello', system, services: { web: { clients } } }
    expect(await post(api, 'start', asked)).toMatchObject({ status: 200 })
    const record = await api.store.works.system('alice', 'hello')
    expect(await api.store.contents.get(record?.spec ?? '')).toMatchObject({ settings: { web: { clients } } })
  })

  describe('with a service account', () => {
    const asked = { name: 'hello', system, serviceaccount: 'runner' }
    const policy = { ...DEFAULT_POLICY, serviceAccounts: ['runner', 'nearer'] }
    const allowing = { compile: (input: CompileInput) => compile({ ...input, policy }) }
    const accountOf = async (api: TestApi) => (await specOf(api, 'hello'))?.extensions['x-k8s']

    it('starts all pods under it, where the operator allows that', async () => {
      await using api = await quickApi(allowing)
      expect(await post(api, 'start', asked)).toMatchObject({ status: 200 })
      expect(await accountOf(api)).toEqual({ serviceAccount: 'runner' })
    })

    it('leaves the one that the file names', async () => {
      await using api = await quickApi(allowing)
      const file = { ...system, 'x-k8s': { serviceAccount: 'nearer' } }
      expect(await post(api, 'start', { ...asked, system: file })).toMatchObject({ status: 200 })
      expect(await accountOf(api)).toEqual({ serviceAccount: 'nearer' })
    })

    it('is refused where the operator does not allow it', async () => {
      await using api = await quickApi()
      const { status, body } = await post<Failed>(api, 'start', asked)
      expect(status).toBe(422)
      expect(body.result.problems).toContainEqual(
        expect.objectContaining({ code: 'NOT_ALLOWED', path: 'x-k8s.serviceAccount' }),
      )
    })
  })

  it('answers the job at once with Prefer: respond-async', async () => {
    await using api = await testApi()
    const answer = await send<Job>(api, {
      method: 'POST',
      url: '/system/start',
      payload: { name: 'hello', system },
      headers: { prefer: 'respond-async' },
    })
    expect(answer).toMatchObject({
      status: 202,
      headers: { location: `/v1/jobs/${answer.body.id}`, 'preference-applied': 'respond-async' },
      body: { kind: 'system.start', status: 'queued' },
    })
  })

  it('answers what it has when the wait is over', async () => {
    await using api = await testApi({ legacyWaitMs: 50 })
    const { status, headers, body } = await post<Started>(api, 'start', { name: 'hello', system })
    expect(status).toBe(202)
    expect(headers.location).toMatch(/^\/v1\/jobs\//)
    expect(body).toMatchObject({ status: 'success', result: { name: 'hello', containers: {} } })
    expect(body.message).toContain('is starting')
  })

  it('answers a failure with a real code and the reason', async () => {
    await using api = await testApi({ tasks: { enqueue: async ({ id }) => failing(id) } })
    const failing = (id: string) => fail(api, id, 'IMAGE_NOT_FOUND', 'no such image')
    const { status, body } = await post<Failed>(api, 'start', { name: 'hello', system })
    expect(status).toBe(500)
    expect(body).toMatchObject({
      status: 'error',
      message: 'Failed to start system hello: no such image',
      result: { code: 'IMAGE_NOT_FOUND' },
    })
  })

  it('refuses a bad file with 422, a bad request with 400, in the envelope', async () => {
    await using api = await testApi()
    const before = await api.keyCount()
    const bad = await post<Failed>(api, 'start', {
      name: 'x',
      system: { services: { web: { imagee: 'x' } } },
    })
    expect(bad).toMatchObject({ status: 422, body: { status: 'error', result: { code: 'INVALID_SYSTEM' } } })
    expect(bad.body.result.problems.map((problem) => problem.path)).toContain('services.web.imagee')
    for (const payload of [
      {},
      { name: 'x' },
      { name: 'x', system, containers: [] },
      { name: 'x', system, foo: 1 },
      { name: '?', system },
    ]) {
      expect(await post(api, 'start', payload)).toMatchObject({
        status: 400,
        body: { status: 'error', result: { code: 'INVALID_REQUEST' } },
      })
    }
    expect(api.enqueued).toEqual([])
    expect(await api.keyCount()).toBe(before)
  })

  it('says what is wrong in which container', async () => {
    await using api = await testApi()
    const container = { name: 'a', image: 'x' }
    const pathsOf = async (containers: object[]) =>
      (await post<Failed>(api, 'start', { name: 'x', containers })).body.result.problems.map(
        (one) => one.path,
      )
    expect(await pathsOf([{ name: 'a' }])).toEqual(['containers[0]'])
    expect(await pathsOf([container, { ...container, limits: { foo: 1 } }])).toEqual([
      'containers[1].limits.foo',
    ])
    expect(await pathsOf([{ ...container, env: [{ name: 'A' }] }])).toEqual(['containers[0].env[0]'])
    expect(await pathsOf([{ ...container, ports: [true] }])).toEqual(['containers[0].ports[0]'])
    expect(await pathsOf([{ ...container, env: { A: {} } }])).toEqual(['containers[0].env.A'])
  })

  it('brings a name that Kubernetes would not take into form', async () => {
    await using api = await quickApi()
    const { body } = await post<Started>(api, 'start', { name: 'My_App 1', system })
    expect(body.result.name).toBe('my-app-1')
  })
})

describe('/system/delete', () => {
  it('stops by name and by sid, and waits for it', async () => {
    await using api = await quickApi()
    await post(api, 'start', { name: 'one', system })
    const { body: two } = await post<Started>(api, 'start', { name: 'two', system })
    expect(await post(api, 'delete', { name: 'one' })).toMatchObject({
      status: 200,
      body: { status: 'success', result: null, message: 'Deleted system one' },
    })
    const { sid } = two.result
    expect(await post(api, 'delete', { name: sid })).toMatchObject({
      status: 200,
      body: { result: null, message: `Deleted system ${sid}` },
    })
    expect((await post<SystemStatus[]>(api, 'status', {})).body.result).toEqual([])
  })

  it('answers 404 for an unknown one, in the envelope', async () => {
    await using api = await testApi()
    expect(await post(api, 'delete', { name: 'nothing' })).toMatchObject({
      status: 404,
      body: { status: 'error', result: { code: 'SYSTEM_NOT_FOUND' } },
    })
  })
})

describe('/system/status', () => {
  it("lists what runs, in the original's fields", async () => {
    await using api = await quickApi()
    const { body: started } = await post<Started>(api, 'start', {
      name: 'hello',
      system,
      principal: { username: 'ada' },
    })
    const { status, body } = await post<SystemStatus[]>(api, 'status', {})
    expect(status).toBe(200)
    expect(body.result).toEqual([
      {
        name: 'hello',
        sid: started.result.sid,
        app_id: 'hello',
        ip_address: '127.0.0.1',
        port: '30080',
        creation_time: expect.stringMatching(/^\d{1,2}-\d{1,2}-\d{4} \d{1,2}:\d{1,2}:\d{1,2}$/),
        username: 'ada',
        utilization: {},
        is_ready: true,
        workspace_name: '',
      },
    ])
  })

  it('tells the limits of each container', async () => {
    await using api = await quickApi()
    const limits = { cpus: '0.5', memory: '512M' }
    const services = { web: { image: 'a', deploy: { resources: { limits } } }, db: { image: 'b' } }
    await post(api, 'start', { name: 'hello', system: { services } })
    await apply(api, 'hello')
    const { body } = await post<SystemStatus[]>(api, 'status', { name: 'hello' })
    expect(body.result[0]?.utilization).toEqual({ web: { cpu: '500m', memory: '512Mi' }, db: null })
  })

  it('lists one by name or sid, and those of a user', async () => {
    await using api = await quickApi()
    const { body: first } = await post<Started>(api, 'start', { name: 'a', system, principal: 'ada' })
    await post(api, 'start', { name: 'a', system, principal: 'bob' })
    const names = async (payload: object) =>
      (await post<SystemStatus[]>(api, 'status', payload)).body.result.map((one) => [
        one.app_id,
        one.username,
      ])
    expect(await names({ name: 'a' })).toEqual([['a', 'ada']])
    expect(await names({ name: first.result.sid })).toEqual([['a', 'ada']])
    expect(await names({ username: 'bob' })).toEqual([['a', 'bob']])
    expect(await names({ name: 'nothing' })).toEqual([])
    expect(await names({ name: null, username: null })).toHaveLength(2)
  })
})
