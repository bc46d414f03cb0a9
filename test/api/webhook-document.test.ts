// What the OpenAPI document says of what Tycho sends.
import Ajv from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { eventTypes } from '../../src/jobs/event.ts'
import { finish, hello, send, start, testApi } from './kit.ts'

type Payload = { properties: { type: { const: string }; data: { $ref: string } } }
type Sent = { requestBody: { content: { 'application/json': { schema: Payload & { oneOf?: Payload[] } } } } }
type Operation = {
  callbacks?: Record<string, Record<string, { post: Sent }>>
  requestBody?: unknown
  responses: Record<string, unknown>
}
type Document = {
  webhooks: Record<string, { post: Sent }>
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, object> }
}

const schemaOf = ({ requestBody }: Sent) => requestBody.content['application/json'].schema

async function document(): Promise<Document> {
  await using api = await testApi()
  return (await send<Document>(api, { method: 'GET', url: '/openapi.json' })).body
}

describe('the OpenAPI document', () => {
  it('has a webhook for each event, with the schema of its payload', async () => {
    const { webhooks, components } = await document()
    expect(Object.keys(webhooks).toSorted()).toEqual([...Object.keys(eventTypes), 'webhook.ping'].toSorted())
    for (const [type, { post }] of Object.entries(webhooks)) {
      const { properties } = schemaOf(post)
      expect(properties.type.const).toBe(type)
      expect(components.schemas).toHaveProperty(properties.data.$ref.split('/').at(-1) ?? '')
    }
  })

  it('has callbacks at each request that takes a callbackUrl and makes something', async () => {
    const { paths } = await document()
    const having = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { callbacks }]) =>
        callbacks ? [`${method} ${path}`] : [],
      ),
    )
    const asking = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { requestBody, responses }]) =>
        responses['202'] && JSON.stringify(requestBody ?? '').includes('"callbackUrl"')
          ? [`${method} ${path}`]
          : [],
      ),
    )
    // Of what a launch tells, pulling its images tells nothing.
    const telling = asking.filter((one) => one !== 'post /v1/batches/prepare')
    expect(having.toSorted()).toEqual(telling.toSorted())
    expect(having).toEqual(expect.arrayContaining(['post /v1/systems', 'put /v1/systems/{name}']))
    const { post } = paths['/v1/systems']?.post?.callbacks?.ended?.['{$request.body#/callbackUrl}'] ?? {}
    expect(post && schemaOf(post).oneOf?.map(({ properties }) => properties.type.const)).toContain(
      'system.started',
    )
  })

  it('describes what is really told', async () => {
    const whole = await document()
    const ajv = addFormats.default(new Ajv.default({ strict: false }))
    ajv.addSchema(whole, 'document')
    await using api = await testApi()
    const job = await start(api, { compose: hello, callbackUrl: 'https://portal.example.org/' })
    await finish(api, job.id)
    const [told] = await api.store.outbox.read(1)
    const pointer = '#/webhooks/system.started/post/requestBody/content/application~1json/schema'
    const check = ajv.compile({ $ref: `document${pointer}` })
    expect(check(told?.outgoing?.event), JSON.stringify(check.errors)).toBe(true)
    expect(check({ ...told?.outgoing?.event, type: 'system.failed' })).toBe(false)
  })
})
