// Starting systems: what is accepted, and what becomes of it.
import { describe, expect, it } from 'vitest'
import type { Job } from '../../src/jobs/job.ts'
import type { SystemSpec } from '../../src/system/spec.ts'
import { finish, hello, refused, send, start, testApi } from './kit.ts'

describe('POST /v1/systems', () => {
  it('answers 202 with the job, where to poll it and when', async () => {
    await using api = await testApi()
    const answer = await send<Job>(api, {
      method: 'POST',
      url: '/v1/systems',
      payload: { name: 'hello', compose: hello },
    })
    expect(answer.status).toBe(202)
    expect(answer.headers.location).toBe(`/v1/jobs/${answer.body.id}`)
    expect(answer.headers['retry-after']).toBe('1')
    expect(answer.body).toMatchObject({
      kind: 'system.start',
      status: 'queued',
      done: false,
      system: { name: 'hello', sid: expect.stringMatching(/^[0-9a-f]{32}$/), href: '/v1/systems/hello' },
      tenant: 'alice',
    })
  })

  it('enqueues one compile task', async () => {
    await using api = await testApi()
    const job = await start(api, { name: 'hello', compose: hello })
    expect(api.enqueued).toMatchObject([{ id: job.id, task: { verb: 'compile' } }])
  })

  it('keeps the spec with its positions where the worker reads it', async () => {
    await using api = await testApi()
    const job = await start(api, { name: 'hello', compose: hello })
    const record = await api.store.works.job(job.id)
    const content = await api.store.contents.get<{ spec: SystemSpec; positions: object }>(record?.spec ?? '')
    expect(content?.spec.services.web?.image).toBe('demo/hello')
    expect(content?.positions).toMatchObject({ 'services.web.image': { line: 3 } })
  })

  it('reserves the names of the objects', async () => {
    await using api = await testApi()
    await start(api, { name: 'a-b', compose: 'services: { c: { image: x } }' })
    const answer = await refused(api, {
      method: 'POST',
      url: '/v1/systems',
      payload: { name: 'a', compose: 'services: { b-c: { image: x } }' },
    })
    expect(answer).toMatchObject({ status: 409, body: { code: 'NAME_TAKEN' } })
    expect(answer.body.detail).toContain('a-b')
  })

  it('takes the name from the request, else from the file, else makes one', async () => {
    await using api = await testApi()
    const named = `name: from_file\n${hello}`
    expect((await start(api, { name: 'asked', compose: named })).system.name).toBe('asked')
    expect((await start(api, { compose: named })).system.name).toBe('from-file')
    expect((await start(api, { compose: hello })).system.name).toMatch(/^[a-z][-a-z0-9]{1,39}$/)
  })

  it('fills variables from env', async () => {
    await using api = await testApi()
    const job = await start(api, {
      compose: 'services: { web: { image: "demo/${WHAT}" } }',
      env: { WHAT: 'hello' },
    })
    expect(await imageOf(api, job, 'web')).toBe('demo/hello')
  })

  it('takes the file as an object, and as a list of one', async () => {
    await using api = await testApi()
    const compose = { services: { web: { image: 'demo/hello' } } }
    expect(await imageOf(api, await start(api, { compose }), 'web')).toBe('demo/hello')
    expect(await imageOf(api, await start(api, { compose: [compose] }), 'web')).toBe('demo/hello')
  })

  it('merges several files, with those that they name and the profiles that are on', async () => {
    await using api = await testApi()
    const job = await start(api, {
      compose: [
        'services: { web: { image: "demo/$WHAT", env_file: web.env } }',
        { include: ['parts/part.yaml'] },
      ],
      files: {
        '.env': 'WHAT=hello\n',
        'web.env': { base64: Buffer.from('A=1\n').toString('base64') },
        'parts/part.yaml': 'services: { on: { image: x, profiles: [p] }, off: { image: x, profiles: [q] } }',
      },
      profiles: ['p'],
    })
    const record = await api.store.works.job(job.id)
    const content = await api.store.contents.get<{ spec: SystemSpec }>(record?.spec ?? '')
    expect(content?.spec.services.web).toMatchObject({ image: 'demo/hello', environment: { A: '1' } })
    expect(Object.keys(content?.spec.services ?? {})).toEqual(['web', 'on'])
  })

  it('takes YAML as it is, with the rest in the query', async () => {
    await using api = await testApi()
    const { status, body } = await send<Job>(api, {
      method: 'POST',
      url: '/v1/systems?name=yaml&env=WHAT=a=b&labels=class=1&retries=0&timeoutSeconds=5',
      headers: { 'content-type': 'application/yaml' },
      payload: 'services:\n  web:\n    image: demo/hello\n    environment:\n      WHAT: ${WHAT}\n',
    })
    expect(status).toBe(202)
    expect(body).toMatchObject({ system: { name: 'yaml' }, maxAttempts: 1 })
    expect(await api.store.works.system('alice', 'yaml')).toMatchObject({ labels: { class: '1' } })
    expect((await specOf(api, body))?.services.web?.environment).toEqual({ WHAT: 'a=b' })
  })

  it('takes files and what is said of single services as the JSON of their map there', async () => {
    await using api = await testApi()
    const query = new URLSearchParams({
      files: JSON.stringify({ 'a.env': 'A=1', 'b.env': { base64: 'Qj0y' } }),
      services: JSON.stringify({ web: { exposure: 'clusterIP', clients: ['10.0.0.0/8'] } }),
    })
    const { status, body } = await send<Job>(api, {
      method: 'POST',
      url: `/v1/systems?${query}`,
      headers: { 'content-type': 'application/yaml' },
      payload: `${hello}    env_file: [a.env, b.env]\n`,
    })
    expect(status).toBe(202)
    const { spec } = (await api.store.works.system('alice', body.system.name)) ?? {}
    expect(await api.store.contents.get(spec ?? '')).toMatchObject({
      spec: { services: { web: { environment: { A: '1', B: '2' } } } },
      settings: { web: { exposure: 'clusterIP', clients: ['10.0.0.0/8'] } },
    })
  })

  it('takes the short form: its service is called as the system, and $ is no variable', async () => {
    await using api = await testApi()
    const job = await start(api, { name: 'note', image: 'demo/hello', ports: [8888], command: 'echo $HOME' })
    const service = (await specOf(api, job))?.services.note
    expect(service).toMatchObject({
      image: 'demo/hello',
      command: ['echo', '$HOME'],
      ports: [{ target: 8888 }],
    })
  })

  it('is accepted even if the queue does not take the task: the sweeper will see to it', async () => {
    await using api = await testApi({
      tasks: {
        enqueue: async () => {
          throw new Error('queue away')
        },
      },
    })
    const job = await start(api, { name: 'hello', compose: hello })
    expect(await api.store.works.job(job.id)).toMatchObject({ status: 'queued', task: { verb: 'compile' } })
    expect(api.lines).toContainEqual(
      expect.objectContaining({ msg: 'accepted, but not in the queue yet', job: job.id }),
    )
  })

  it('lets only one of two starts of the same name through', async () => {
    await using api = await testApi()
    const request = {
      method: 'POST',
      url: '/v1/systems',
      payload: { name: 'hello', compose: hello },
    } as const
    const answers = await Promise.all([send(api, request), send(api, request), send(api, request)])
    expect(answers.map((answer) => answer.status).sort()).toEqual([202, 409, 409])
    expect(api.enqueued).toHaveLength(1)
  })

  it('gives a new incarnation to a name that was stopped', async () => {
    await using api = await testApi()
    const first = await start(api, { name: 'hello', compose: hello })
    await finish(api, first.id)
    const { body: stop } = await send<Job>(api, { method: 'DELETE', url: '/v1/systems/hello' })
    await finish(api, stop.id)
    const second = await start(api, { name: 'hello', compose: hello })
    expect(second.system.sid).not.toBe(first.system.sid)
  })

  it('gives ids that sort by time', async () => {
    await using api = await testApi()
    const ids: string[] = []
    for (let i = 0; i < 5; i++) ids.push((await start(api, { compose: hello })).id)
    expect(ids.toSorted()).toEqual(ids)
  })
})

async function specOf(api: Awaited<ReturnType<typeof testApi>>, job: Job): Promise<SystemSpec | undefined> {
  const record = await api.store.works.job(job.id)
  return (await api.store.contents.get<{ spec: SystemSpec }>(record?.spec ?? ''))?.spec
}

async function imageOf(api: Awaited<ReturnType<typeof testApi>>, job: Job, service: string) {
  return (await specOf(api, job))?.services[service]?.image
}
