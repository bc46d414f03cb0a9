// The examples of the OpenAPI document: each body has one, each is as its schema says, and what may be sent is accepted.
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormatsModule from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { closeSchemas } from '../kit/contract/close-schemas.ts'
import type { Document, Response } from '../kit/contract/document.ts'
import { finish, hello, issue, send, start, type TestApi, testApi } from './kit.ts'

type Content = NonNullable<Response['content']>
type Place = { operation: string; what: string; pointer: string; media: Content[string] }

async function documentOf(api: TestApi): Promise<Document> {
  return (await send<Document>(api, { method: 'GET', url: '/openapi.json' })).body
}

const escaped = (segment: string) => segment.replaceAll('~', '~0').replaceAll('/', '~1')

/** What is sent to receivers: the webhooks, and the callbacks of the operations. */
function sendingsOf({ paths, webhooks }: Document): Place[] {
  const ofCallbacks = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { callbacks = {} }]) =>
      Object.entries(callbacks).flatMap(([name, urls]) =>
        Object.entries(urls).map(([url, { post }]): [string, string, Content] => [
          `${method.toUpperCase()} ${path}: ${name}`,
          `/paths/${escaped(path)}/${method}/callbacks/${name}/${escaped(url)}`,
          post.requestBody.content,
        ]),
      ),
    ),
  )
  const ofWebhooks = Object.entries(webhooks).map(([type, { post }]): [string, string, Content] => [
    type,
    `/webhooks/${type}`,
    post.requestBody.content,
  ])
  return [...ofCallbacks, ...ofWebhooks].flatMap(([operation, at, content]) =>
    Object.entries(content).map(([mediaType, media]) => ({
      operation,
      what: mediaType,
      pointer: `${at}/post/requestBody/content/${escaped(mediaType)}/schema`,
      media,
    })),
  )
}

function examplesOf({ example, examples }: Place['media']): unknown[] {
  return examples ? Object.values(examples).map(({ value }) => value) : [example]
}

/** Every schema of a body or an answer. */
function placesOf({ paths }: Document): Place[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).flatMap(([method, { requestBody, responses }]) => {
      const at = `/paths/${escaped(path)}/${method}`
      const bodies: [string, string, Content][] = [
        ['request', `${at}/requestBody`, requestBody?.content ?? {}],
        ...Object.entries(responses).map(([status, { content }]): [string, string, Content] => [
          status,
          `${at}/responses/${status}`,
          content ?? {},
        ]),
      ]
      return bodies.flatMap(([what, pointer, content]) =>
        Object.entries(content).map(([mediaType, media]) => ({
          operation: `${method.toUpperCase()} ${path}`,
          what: `${what} ${mediaType}`,
          pointer: `${pointer}/content/${escaped(mediaType)}/schema`,
          media,
        })),
      )
    }),
  )
}

describe('the OpenAPI document', () => {
  it('has an example of each body and of each answer that has one', async () => {
    await using api = await testApi()
    const document = await documentOf(api)
    const places = [...placesOf(document), ...sendingsOf(document)]
    const lacking = places.filter(({ media }) => examplesOf(media).some((one) => one === undefined))
    expect(lacking.map(({ operation, what }) => `${operation}: ${what}`)).toEqual([])
  })

  it('gives examples that are as their schemas say, without a field more', async () => {
    await using api = await testApi()
    const document = await documentOf(api)
    const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false })
    addFormatsModule.default(ajv)
    ajv.addSchema(closeSchemas(document) as object, 'openapi')
    const wrong = [...placesOf(document), ...sendingsOf(document)].flatMap(
      ({ operation, what, pointer, media }) => {
        const validate = ajv.getSchema(`openapi#${encodeURI(pointer)}`)
        return examplesOf(media)
          .filter((example) => !validate?.(example))
          .map(() => `${operation}: ${what}: ${ajv.errorsText(validate?.errors ?? [])}`)
      },
    )
    expect(wrong).toEqual([])
    expect(sendingsOf(document).length).toBeGreaterThan(10)
  })
})

const stray = {
  identity: { tenant: 'physics', namespace: 'physics', name: 'old', sid: '6'.repeat(32) },
  createdAt: 0,
  suspended: false,
  job: null,
  exposure: 'nodePort' as const,
  services: [],
  endpoints: [],
  objects: [
    { subject: 'Deployment/old', name: 'old', uid: '6f1c2f0e-9d52-4c0b-8a55-1f6f5d1f3c11', createdAt: 0 },
  ],
}

/** What must be there before a request, and what its path names. */
const before: Readonly<Record<string, (api: TestApi) => Promise<Record<string, string>>>> = {
  'PUT /v1/systems/{name}': async () => ({ name: 'hello' }),
  'PATCH /v1/systems/{name}': async (api) => {
    const job = await start(api, { name: 'hello', compose: hello })
    await finish(api, job.id)
    return { name: 'hello' }
  },
  'PATCH /v1/webhooks/{id}': async (api) => {
    const payload = { url: 'https://portal.example.org/tycho' }
    const { body } = await send<{ id: string }>(api, { method: 'POST', url: '/v1/webhooks', payload })
    return { id: body.id }
  },
  'POST /system/delete': async (api) => {
    await start(api, { name: 'notebook', compose: hello })
    return {}
  },
}

it('each example of a request is accepted', async () => {
  await using first = await testApi()
  const requests = placesOf(await documentOf(first)).filter(({ what }) => what.startsWith('request '))
  expect(requests.length).toBeGreaterThan(12)
  for (const { operation, what, media } of requests) {
    await using api = await testApi({ legacyWaitMs: 20, reading: { list: async () => [stray] } })
    const names = (await before[operation]?.(api)) ?? {}
    const [method = '', path = ''] = operation.split(' ')
    const { headers } = await issue(api, { tenant: 'alice', scopes: ['admin'] })
    const answer = await api.app.inject({
      method: method as 'POST',
      url: path.replaceAll(/\{(\w+)\}/g, (_, name) => names[name] ?? ''),
      headers: { ...headers, 'content-type': what.split(' ')[1] },
      payload: typeof media.example === 'string' ? media.example : JSON.stringify(media.example),
    })
    expect(answer.statusCode, `${operation}: ${answer.body}`).toBeLessThan(300)
  }
})
