// What a system was started from and what was applied of it, read back without its secrets.
import { loadAll } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import type { AppliedManifests, SentCompose } from '../../src/api/schemas/system-sources.ts'
import { must } from '../kit/work.ts'
import { apply, finish, hello, refused, send, start, type TestApi, testApi } from './kit.ts'

const url = '/v1/systems/hello'

const compose = `services:
  web:
    image: demo/hello
    environment: {DB_PASSWORD: 'pa$$w0rd99', GREETING: hi}
    command: [serve, 'pa$$w0rd99']
    secrets: [token]
secrets: {token: {environment: TOKEN_OF_MINE}}
`
const body = { name: 'hello', compose, env: { TOKEN_OF_MINE: 's3cret!' } }

const ask = <T>(api: TestApi, part: string) => send<T>(api, { method: 'GET', url: `${url}/${part}` })

describe('GET /v1/systems/{name}/compose', () => {
  it('answers the files as they were sent, with secrets masked, of which Redis keeps no other copy', async () => {
    await using api = await testApi()
    await start(api, body)
    const { status, headers, body: sent } = await ask<SentCompose>(api, 'compose')
    expect([status, headers['cache-control']]).toEqual([200, 'no-store'])
    expect(sent).toEqual({
      compose: compose.replaceAll('pa$$w0rd99', '•'.repeat(10)),
      env: { TOKEN_OF_MINE: '•••••••' },
      files: {},
    })
    const { source } = must(await api.store.works.system('alice', 'hello'))
    expect(JSON.stringify(await api.store.contents.get(must(source)))).not.toContain('s3cret!')
  })

  it('answers what the last PUT sent, whatever was patched since', async () => {
    await using api = await testApi()
    await finish(api, (await start(api, body)).id)
    const put = { method: 'PUT', url, payload: { compose: [hello], profiles: ['a'] } } as const
    await finish(api, (await send<{ id: string }>(api, put)).body.id)
    await send(api, { method: 'PATCH', url, payload: { services: { web: { replicas: 2 } } } })
    expect((await ask(api, 'compose')).body).toEqual({
      compose: [hello],
      env: {},
      files: {},
      profiles: ['a'],
    })
  })

  it('knows no system that is not there, and says where the files are kept no longer', async () => {
    await using api = await testApi()
    const request = { method: 'GET', url: `${url}/compose` } as const
    expect(await refused(api, request)).toMatchObject({ status: 404, body: { code: 'SYSTEM_NOT_FOUND' } })
    await start(api, body)
    await api.store.works.changeSystem('alice', 'hello', (found) => ({ ...found, source: null }))
    expect(await refused(api, request)).toMatchObject({ status: 404, body: { code: 'COMPOSE_NOT_KEPT' } })
  })
})

describe('GET /v1/systems/{name}/manifests', () => {
  it('masks a secret of the request wherever the file has put it', async () => {
    await using api = await testApi()
    const lines = [
      'services:',
      '  web:',
      '    image: demo/hello',
      '    command: serve --auth $ONLY_PASSWORD $MODE',
      '    labels: { who: "me:$ONLY_PASSWORD" }',
      '    environment: { DB: "user=me $ONLY_PASSWORD" }',
      '    configs: [c]',
      'configs: { c: { content: "p $ONLY_PASSWORD" } }',
    ]
    const env = { ONLY_PASSWORD: 'hunter2-of-mine', MODE: 'production-7' }
    await start(api, { name: 'hello', compose: lines.join('\n'), env })
    await apply(api, 'hello')
    const { status, body: answer } = await ask<AppliedManifests>(api, 'manifests')
    expect(status).toBe(200)
    expect(JSON.stringify(answer)).not.toContain('hunter2-of-mine')
    expect(JSON.stringify(answer)).toContain('production-7')
  })

  it('answers what was applied, with secrets masked wherever they stand', async () => {
    await using api = await testApi()
    await start(api, body)
    await apply(api, 'hello')
    const { status, body: answer } = await ask<AppliedManifests>(api, 'manifests')
    expect(status).toBe(200)
    const text = JSON.stringify(answer)
    for (const secret of ['s3cret!', 'pa$w0rd99', 'pa$$w0rd99', btoa('s3cret!')])
      expect(text).not.toContain(secret)
    const of = (kind: string) => answer.manifests.find((manifest) => manifest.kind === kind)
    expect(of('Secret')).toMatchObject({ data: { token: '••••••••••••' } })
    expect(of('Deployment')).toMatchObject({
      spec: {
        template: {
          spec: {
            containers: [
              {
                args: ['serve', '••••••••••'],
                env: [
                  { name: 'DB_PASSWORD', value: '••••••••••' },
                  { name: 'GREETING', value: 'hi' },
                ],
              },
            ],
          },
        },
      },
    })
  })

  it('answers one YAML file of many documents where that is asked for', async () => {
    await using api = await testApi()
    await start(api, { name: 'hello', compose: hello })
    await apply(api, 'hello')
    const headers = { accept: 'application/yaml' }
    const answer = await api.app.inject({ method: 'GET', url: `${url}/manifests`, headers })
    expect(answer.headers).toMatchObject({
      'content-type': 'application/yaml',
      vary: 'Accept',
    })
    expect(loadAll(answer.body)).toMatchObject([{ kind: 'Deployment' }, { kind: 'Service' }])
  })

  it('says that nothing was applied yet', async () => {
    await using api = await testApi()
    await start(api, body)
    const request = { method: 'GET', url: `${url}/manifests` } as const
    expect(await refused(api, request)).toMatchObject({ status: 404, body: { code: 'NOTHING_APPLIED' } })
  })
})
